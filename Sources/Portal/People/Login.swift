import Foundation

/// The name a person types at sign-in, in the one form that is compared and stored: without
/// spaces around it, in compatibility composition (NFKC), lower-case. Variants of a name are the
/// same name, for finding people and for counting failures.
struct Login: Hashable, Sendable {
  let text: String

  /// Longest login, in characters of its canonical form as SQLite counts them: Unicode scalars.
  static let lengthMax = 64

  /// The canonical form; nil when nothing is left, it is too long, or it holds control characters.
  init?(_ typed: String) {
    let text = typed.trimmingCharacters(in: .whitespacesAndNewlines)
      .precomposedStringWithCompatibilityMapping.lowercased()
    guard !text.isEmpty, text.unicodeScalars.count <= Self.lengthMax,
      !text.unicodeScalars.contains(where: CharacterSet.controlCharacters.contains)
    else { return nil }
    self.text = text
  }
}
