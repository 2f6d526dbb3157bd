/// What a theme's package.json says of it.
public struct ThemePackage: Hashable, Sendable {
  /// The name under which Ghost keeps it.
  public let name: String
  /// Its version, `1.4.0`.
  public let version: String

  /// The longest name or version, in characters.
  public static let lengthMax = 100
  /// Themes that come with Ghost and can't be overwritten.
  public static let reservedNames: Set<String> = ["casper", "source"]

  /// Checks what package.json says. The name becomes the name of a file, from which Ghost takes the
  /// theme's: letters it would replace are refused, so that it is the same everywhere.
  public init(name: String?, version: String?) throws(ThemeProblem) {
    guard let name, !name.isEmpty else { throw .badPackage("has no name") }
    guard let version, !version.isEmpty else { throw .badPackage("has no version") }
    guard name.utf8.allSatisfy(Self.isOfName), name.count <= Self.lengthMax else {
      throw .badPackage(
        "has a name that takes more than small letters, digits, - and _ "
          + "(“\(name.prefix(40))”)")
    }
    guard version.utf8.allSatisfy(Self.isOfVersion), version.count <= Self.lengthMax else {
      throw .badPackage(
        "has a version that takes more than letters, digits, dots, + and - "
          + "(“\(version.prefix(40))”)")
    }
    guard !Self.reservedNames.contains(name) else { throw .reserved(name) }
    self.name = name
    self.version = version
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    byte.isLowercase || byte.isDigit || "-_".utf8.contains(byte)
  }

  private static func isOfVersion(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || "-_.+".utf8.contains(byte)
  }
}
