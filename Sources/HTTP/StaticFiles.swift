import HTTPTypes

/// The files below a directory as they were at start, answered from memory. A path is looked up
/// among their names and never reaches the file system, so nothing outside can be asked for.
public struct StaticFiles: Sendable {
  private struct File {
    let body: [UInt8]
    let headers: HTTPFields
    let tag: String
  }

  private var files: [String: File] = [:]

  /// Reads every file below the directory. Names that begin with a dot are passed over, symbolic
  /// links too.
  /// - Parameters:
  ///   - cacheControl: for every file; by default a browser asks each time whether it has changed.
  /// - Throws: `FileProblem` when something cannot be read.
  public init(directory: String, cacheControl: String = "no-cache") throws {
    for (path, body) in try FileTree(directory: directory).files {
      let tag = ContentTag.of(body)
      files[path] = File(
        body: body,
        headers: [
          .contentType: ContentType.of(path), .cacheControl: cacheControl, .eTag: tag,
        ], tag: tag)
    }
  }

  /// Answers GET and HEAD; other methods are refused with 405.
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
    if Self.matches(request.headers[.ifNoneMatch], file.tag) {
      var headers = file.headers
      headers[.contentType] = nil
      return Response(status: .notModified, headers: headers)
    }
    return Response(headers: file.headers, body: file.body)
  }

  /// If-None-Match compares weakly (RFC 9110 §13.1.2).
  private static func matches(_ condition: String?, _ tag: String) -> Bool {
    guard let condition else { return false }
    return condition.split(separator: ",").contains { entry in
      let trimmed = entry.drop { $0 == " " || $0 == "\t" }
      let bare = trimmed.hasPrefix("W/") ? trimmed.dropFirst(2) : trimmed
      let end = bare.lastIndex { $0 != " " && $0 != "\t" }
      return bare == "*" || end.map { bare[...$0] == tag } ?? false
    }
  }
}
