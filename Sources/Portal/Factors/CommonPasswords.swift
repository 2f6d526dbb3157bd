import Foundation

/// The passwords that guessers try first: see docs/decisions/0007.
enum CommonPasswords {
  private static let all = Set(
    String(decoding: PackageResources.common_passwords_txt, as: UTF8.self)
      .split(separator: "\n").filter { !$0.hasPrefix("#") }.map { folded(String($0)) })

  /// How many there are.
  static var count: Int { all.count }

  /// Whether a password is one of them, in any case and any form of its characters.
  static func contains(_ password: String) -> Bool { all.contains(folded(password)) }

  /// NFKC, case-folded. Upper case first, for what lower case alone leaves apart: ß and ss.
  private static func folded(_ password: String) -> String {
    password.precomposedStringWithCompatibilityMapping.uppercased().lowercased()
  }
}
