import HTTP
import HTTPTypes

/// Whether a request that only reads is made on behalf of a page of another site, as an image, a
/// script, a frame or a call of its scripts. Only following a link leads from there to here.
enum Embedding {
  private static let site = HTTPField.Name("Sec-Fetch-Site")
  private static let destination = HTTPField.Name("Sec-Fetch-Dest")

  /// What browsers say of the address somebody typed, and of our own pages.
  private static let ours: Set = ["same-origin", "none"]

  /// - Returns: false also for programs and old browsers, which say nothing of the source.
  static func isForeign(_ headers: HTTPFields) -> Bool {
    guard let site, let destination, let source = headers[site] else { return false }
    return !ours.contains(source) && headers[destination] != "document"
  }
}
