/// A version of Ghost, `5.87.1`.
public struct GhostVersion: Hashable, Comparable, Sendable {
  /// Its parts.
  public let major, minor, patch: Int64

  /// From text such as `5.87.1`, or `5.87` as Ghost's site endpoint tells it; nil for other text.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) }
    guard (2...3).contains(parts.count), let major = parts[0], let minor = parts[1] else {
      return nil
    }
    let last = parts.count == 3 ? parts[2] : 0
    guard let patch = last, min(major, minor, patch) >= 0 else { return nil }
    (self.major, self.minor, self.patch) = (major, minor, patch)
  }

  /// From an image's tag, `v5.87.1-3` or `5.87.1`; nil for a tag that names no whole version.
  public init?(tag: String) {
    let plain = tag.hasPrefix("v") ? tag.dropFirst() : Substring(tag)
    let version = String(plain.prefix { $0 != "-" })
    guard version.filter({ $0 == "." }).count == 2 else { return nil }
    self.init(version)
  }

  /// `5.87.1`
  public var words: String { "\(major).\(minor).\(patch)" }
  /// `5.87`, what the site endpoint tells.
  public var short: String { "\(major).\(minor)" }

  /// Whether the database has another form with the other version: Ghost migrates it with minor and
  /// major versions.
  public func crosses(to other: GhostVersion) -> Bool {
    major != other.major || minor != other.minor
  }

  /// Older before newer.
  public static func < (left: GhostVersion, right: GhostVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }
}
