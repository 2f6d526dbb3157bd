import Foundation
import Mustache
import Rules

/// What somebody looks for, word by word. A word finds whatever begins with it.
struct SearchWords: Sendable {
  /// The longest search, in characters.
  static let lengthMax = 200
  /// The most words of one search.
  static let countMax = 12
  /// The longest stretch of a text that a hit shows, in characters.
  static let excerptLength = 160

  let all: [String]

  /// - Throws: `Mistake` for what is too long, or holds what looks like a secret.
  init(_ typed: String) throws(Mistake) {
    guard typed.count <= Self.lengthMax else {
      throw Mistake(
        "A search has at most \(Self.lengthMax) characters, and this one has "
          + "\(typed.count). Take the words that stand out most.", at: "q")
    }
    if let secret = SecretScan.find(in: typed) {
      throw Mistake(
        "It holds what looks like \(secret). Nothing was searched for, and nothing of "
          + "it was kept. Take other words.", at: "q")
    }
    all = Self.tokens(of: typed.precomposedStringWithCanonicalMapping).map(\.word)
      .filter { !$0.isEmpty }
    guard all.count <= Self.countMax else {
      throw Mistake(
        "A search has at most \(Self.countMax) words, and this one has \(all.count). "
          + "Take the words that stand out most.", at: "q")
    }
  }

  var isEmpty: Bool { all.isEmpty }

  /// Whether a text has, for each of the words, one that begins with it.
  func match(_ text: String) -> Bool {
    let tokens = Self.tokens(of: text)
    return all.allSatisfy { word in tokens.contains { $0.word.hasPrefix(word) } }
  }

  /// Whether a text has a word that begins with one of these.
  func touch(_ text: String) -> Bool {
    Self.tokens(of: text).contains { token in all.contains { token.word.hasPrefix($0) } }
  }

  /// A text with those of its words marked that were looked for.
  func marked(in text: String) -> [Piece] {
    var pieces: [Piece] = []
    var end = text.startIndex
    for token in Self.tokens(of: text) {
      guard let word = all.filter({ token.word.hasPrefix($0) }).max(by: { $0.count < $1.count })
      else { continue }
      let part = text[token.range].prefix(word.count)
      if end < part.startIndex {
        pieces.append(Piece(text: String(text[end..<part.startIndex]), isMarked: false))
      }
      pieces.append(Piece(text: String(part), isMarked: true))
      end = part.endIndex
    }
    if end < text.endIndex { pieces.append(Piece(text: String(text[end...]), isMarked: false)) }
    return pieces
  }

  /// The stretch of a text around the first of the words in it.
  func excerpt(of text: String) -> String {
    guard text.count > Self.excerptLength else { return text }
    let first = Self.tokens(of: text).first { token in all.contains { token.word.hasPrefix($0) } }
    let at = first.map { text.distance(from: text.startIndex, to: $0.range.lowerBound) } ?? 0
    let skipped = at < Self.excerptLength / 2 ? 0 : at - Self.excerptLength / 4
    let rest = text.dropFirst(skipped)
    return (skipped > 0 ? "…" : "") + rest.prefix(Self.excerptLength)
      + (rest.count > Self.excerptLength ? "…" : "")
  }

  /// A stretch of a text, marked or not.
  struct Piece: TemplateData, Equatable {
    let text: String
    let isMarked: Bool
    static let fields: [Field<Piece>] = [
      .text("text", { $0.text }), .flag("marked", { $0.isMarked }),
    ]
  }
}

extension SearchWords {
  /// The words of a text as the index has them: runs of letters and digits, without case and
  /// accents.
  static func tokens(of text: String) -> [(word: String, range: Range<String.Index>)] {
    let scalars = text.unicodeScalars
    var tokens: [(String, Range<String.Index>)] = []
    var rest = scalars[...]
    while let start = rest.firstIndex(where: isWordPart) {
      let end = rest[start...].firstIndex { !isWordPart($0) } ?? scalars.endIndex
      tokens.append((folded(String(scalars[start..<end])), start..<end))
      rest = scalars[end...]
    }
    return tokens
  }

  /// A word without case and accents, by the rules of SQLite's unicode61: “ß” stays.
  private static func folded(_ word: String) -> String {
    let small = word.lowercased()
    if small.utf8.allSatisfy({ $0 < 0x80 }) { return small }
    let bare = small.folding(options: .diacriticInsensitive, locale: nil).unicodeScalars
    return String(String.UnicodeScalarView(bare.filter(isWordPart)))
  }

  /// The version of Unicode whose letters SQLite knows: what it does not know it would split at,
  /// and the index of the log takes single words alone.
  private static let knownAge: Unicode.Version = (6, 1)

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return (48...57).contains(scalar.value) || (65...90).contains(scalar.value)
        || (97...122).contains(scalar.value)
    }
    guard let age = scalar.properties.age, age <= knownAge else { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }
}
