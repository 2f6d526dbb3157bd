import HTTPTypes

/// The files below a directory as they were at start, answered from memory. A path is looked up
/// among their names and never reaches the file system, so nothing outside can be asked for.
public struct StaticFiles: Sendable {
  /// By their paths, and by those that name their version.
  private var files: [String: Representation] = [:]
  /// The addresses that name a version of a file, by the file's path: `a.css` as
  /// `a.0123456789ab.css`. What is fetched by one may be kept for ever.
  public private(set) var versionedPaths: [String: String] = [:]

  /// A year, the longest that is understood (RFC 9111 §1.2.2): the address is another as soon as
  /// the content is.
  private static let forEver = "public, max-age=31536000, immutable"
  /// Characters of the tag that stand in an address.
  private static let versionLength = 12

  /// Reads every file below the directory. Names that begin with a dot are passed over, symbolic
  /// links too.
  /// - Parameters:
  ///   - cacheControl: for every file; by default a browser asks each time whether it has changed.
  ///   - pack: gives content in the coding gzip, for browsers that take it; nil where it can't.
  /// - Throws: `FileProblem` when something cannot be read.
  public init(
    directory: String, cacheControl: String = "no-cache",
    pack: (([UInt8]) -> [UInt8]?)? = nil
  ) throws {
    for file in try FileTree(directory: directory).files {
      let type = ContentType.of(file.path)
      let packed = ContentType.isText(type) ? pack?(file.body) : nil
      let named = Representation(
        body: file.body, contentType: type, modifiedAt: file.modifiedAt,
        headers: [.cacheControl: cacheControl], packed: packed)
      let version = named.tag.dropFirst().prefix(Self.versionLength)
      let name = Self.path(file.path, of: version)
      versionedPaths[file.path] = name
      files[file.path] = named
      files[name] = named.with(.cacheControl, Self.forEver)
    }
  }

  private static func path(_ path: String, of version: Substring) -> String {
    let start = path.lastIndex(of: "/") ?? path.startIndex
    guard let dot = path[start...].lastIndex(of: ".") else { return "\(path).\(version)" }
    return "\(path[..<dot]).\(version)\(path[dot...])"
  }

  /// Answers GET and HEAD, as the request's conditions and its range ask for; other methods are
  /// refused with 405.
  /// - Parameter path: below the directory, without a slash before it; with a version or without.
  /// - Returns: nil when there is no such file.
  public func response(for request: Request, path: String) -> Response? {
    guard let file = files[path] else { return nil }
    guard request.method == .get || request.method == .head else {
      return Response(
        status: .methodNotAllowed,
        headers: [.allow: "GET, HEAD", .contentType: "text/plain; charset=utf-8"],
        body: Array("A file can only be read.\n".utf8))
    }
    return file.response(to: request)
  }
}
