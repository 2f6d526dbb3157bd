public import HTTPTypes

/// Which bodies go to a file instead of memory, and who may send one.
public struct Uploads: Sendable {
  /// Where the files are. Each is without a name, so that an upload that is broken off leaves
  /// nothing there, also when the process is killed.
  public var folder: String
  /// Whether a body sent with this method to this path goes to a file.
  public var takes: @Sendable (_ method: HTTPRequest.Method, _ path: String) -> Bool
  /// Asked before anything of such a body is read, with the request that has no body yet. An answer
  /// is sent in place of the handler's, and the connection closed; nil lets the body come.
  public var admit: Admit

  /// Decides from the head. Runs on the event loop like a handler.
  public typealias Admit = @Sendable (Request) async -> Response?

  /// Uploads into a folder that exists.
  public init(
    folder: String,
    takes: @escaping @Sendable (_ method: HTTPRequest.Method, _ path: String) -> Bool,
    admit: @escaping Admit
  ) {
    self.folder = folder
    self.takes = takes
    self.admit = admit
  }
}
