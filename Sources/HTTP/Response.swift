public import HTTPTypes

/// An answer. The server itself adds Content-Length or Transfer-Encoding, Date and Connection,
/// drops those set here, and leaves out the body where there may be none.
public struct Response: Sendable {
  /// A final status, 200 to 599. Anything else is answered as 500.
  public var status: HTTPResponse.Status { didSet { head = nil } }
  /// Fields of this answer. Standing headers of the server are added unless set here.
  public var headers: HTTPFields { didSet { head = nil } }
  /// The content. For HEAD it is the content that GET would have.
  public var body: [UInt8] { didSet { head = nil } }
  /// A file whose content is sent in place of `body`, a block at a time; nil for that.
  public var file: ResponseFile? { didSet { head = nil } }
  /// Content that is made while it is sent, in place of `body` and `file`; nil for those.
  public var stream: ResponseStream? { didSet { head = nil } }
  /// Its status and fields where it is given again and again; nil as soon as it is changed.
  private(set) var head: StandingHead?

  /// How long the content is, in bytes; nil where nobody knows before its end.
  var byteCount: Int? { stream == nil ? file?.byteCount ?? body.count : nil }

  /// An answer from its parts.
  public init(
    status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], body: [UInt8] = []
  ) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The same answer, whose head each loop writes once.
  func standing() -> Response {
    var response = self
    response.head = StandingHead()
    return response
  }
}

/// What names an answer that is given again and again, so that its head need not be written anew.
final class StandingHead: Sendable {}

/// Answers a request. Runs on the event loop: work that blocks belongs elsewhere.
public typealias Handler = @Sendable (Request) async -> Response
