/// The order of versions (Semantic Versioning 2.0.0 §11) as far as numbers decide it.
public enum ThemeVersionOrder {
  /// Whether a version comes before another.
  public static func isOlder(_ version: String, than other: String) -> Bool {
    let (one, two) = (numbers(version), numbers(other))
    for index in 0..<max(one.count, two.count) {
      let (left, right) = (index < one.count ? one[index] : 0, index < two.count ? two[index] : 0)
      if left != right { return left < right }
    }
    return false
  }

  private static func numbers(_ version: String) -> [UInt64] {
    version.prefix { $0 != "-" && $0 != "+" }.split(separator: ".").map { UInt64($0) ?? 0 }
  }
}
