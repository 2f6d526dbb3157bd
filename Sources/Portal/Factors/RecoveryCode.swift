import Cryptography

/// A code for who has lost the app: 80 random bits, written in four groups of four.
struct RecoveryCode: Sendable {
  /// How many a person gets.
  static let count = 10
  private static let length = 10

  /// As people keep it, `abcd-efgh-ijkl-mnop`.
  let text: String
  /// As the database keeps it.
  let hash: [UInt8]

  /// A new one.
  init(_ outside: Outside) throws {
    self.init(bytes: try outside.randomBytes(Self.length))
  }

  /// One that was typed, with or without its dashes, in any case; nil for anything else.
  init?(typed: String) {
    let letters = typed.filter { !$0.isWhitespace && $0 != "-" }.uppercased()
    guard let bytes = Base32.decode(letters), bytes.count == Self.length else { return nil }
    self.init(bytes: bytes)
  }

  private init(bytes: [UInt8]) {
    let letters = Array(Base32.encode(bytes).lowercased())
    text = stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<$0 + 4]) }
      .joined(separator: "-")
    hash = SHA256.digest(Array("recovery-code-v1\0".utf8) + bytes)
  }
}
