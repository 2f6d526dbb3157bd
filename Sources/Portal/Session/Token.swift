import Cryptography

/// A secret that proves what it is for by being shown: of a session, a link, a calendar. Whoever
/// made it keeps its hash alone.
struct Token: Sendable {
  /// 256 random bits, so that its SHA-256 needs neither salt nor time.
  static let bytes = 32

  /// As a browser or an address carries it.
  let text: String

  /// A new one.
  init(_ outside: Outside) throws {
    text = Base64URL.encode(try outside.randomBytes(Self.bytes))
  }

  /// One that came back, right or not.
  init(_ text: String) { self.text = text }

  /// As the database knows it.
  var hash: [UInt8] { SHA256.digest(Array(text.utf8)) }
}
