import HTTPTypes

/// The files below a directory as they were at start, answered from memory. A path is looked up
/// among their names and never reaches the file system, so nothing outside can be asked for.
public struct StaticFiles: Sendable {
  private var files: [String: Representation] = [:]
  private let cacheControl: String

  /// Reads every file below the directory. Names that begin with a dot are passed over, symbolic
  /// links too.
  /// - Parameters:
  ///   - cacheControl: for every file; by default a browser asks each time whether it has changed.
  /// - Throws: `FileProblem` when something cannot be read.
  public init(directory: String, cacheControl: String = "no-cache") throws {
    self.cacheControl = cacheControl
    for file in try FileTree(directory: directory).files {
      files[file.path] = Representation(
        body: file.body, contentType: ContentType.of(file.path), modifiedAt: file.modifiedAt)
    }
  }

  /// Answers GET and HEAD, as the request's conditions and its range ask for; other methods are
  /// refused with 405.
  /// - Parameter path: below the directory, without a slash before it.
  /// - Returns: nil when there is no such file.
  public func response(for request: Request, path: String) -> Response? {
    guard let file = files[path] else { return nil }
    guard request.method == .get || request.method == .head else {
      return Response(
        status: .methodNotAllowed,
        headers: [.allow: "GET, HEAD", .contentType: "text/plain; charset=utf-8"],
        body: Array("A file can only be read.\n".utf8))
    }
    return file.response(to: request, headers: [.cacheControl: cacheControl])
  }
}
