import Yams

/// Where objects of Caretaker's own are put.
public struct BucketPlace: Sendable, Hashable {
  /// The S3 bucket, best in another account.
  public var bucket: String
  /// What the names of all objects begin with.
  public var prefix: String
  /// The site whose credentials and region are used.
  public var site: String

  /// `s3://bucket/prefix`.
  var url: String { "s3://\(bucket)/\(prefix)" }
}

extension BucketPlace {
  init(_ node: Node, place: String, sites: [Site]) throws(ConfigurationProblem) {
    let keys = try YAMLKeys(node, place: place, known: ["bucket", "prefix", "site"])
    bucket = try keys.needed("bucket")
    prefix = try keys.text("prefix") ?? "caretaker"
    site = try keys.site(of: sites)
    let isPlain = prefix.utf8.allSatisfy {
      $0 < 0x80 && (Character(UnicodeScalar($0)).isLetter || "0123456789._-/".utf8.contains($0))
    }
    guard isPlain, !prefix.hasPrefix("/"), !prefix.hasSuffix("/") else {
      throw ConfigurationProblem(
        "\(place): prefix takes letters, digits and . _ - with / between, not “\(prefix)”.")
    }
  }
}

extension Int64 {
  /// Digits with zeros before them, so that names stand in the order of their numbers.
  func padded(to count: Int) -> String {
    let text = String(self)
    return String(repeating: "0", count: Swift.max(0, count - text.count)) + text
  }
}
