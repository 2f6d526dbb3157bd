import Cryptography
import Rules

/// What a page offers a passkey to answer: random bytes with the time, sealed for one person, or
/// for nobody where nobody is signed in. A challenge is made of it for one form alone.
struct PasskeyOffer: Sendable {
  /// How long an offer waits for its answer.
  static let liveMs = 5 * Span.minute

  private static let nonceLength = 16
  private static let length = nonceLength + 8

  /// As it stands in the page.
  let text: String
  /// When it ends.
  let endsAt: Moment

  /// A new one.
  /// - Parameter key: seals it; a portal that starts again has another, so an offer does not
  ///   outlive its start.
  init(to person: Int64?, key: [UInt8], at now: Moment, _ outside: Outside) throws {
    endsAt = now.adding(ms: Self.liveMs)
    let time = withUnsafeBytes(of: endsAt.ms.bigEndian) { Array($0) }
    let bytes = try outside.randomBytes(Self.nonceLength) + time
    text = Base64URL.encode(bytes + Self.seal(of: bytes, to: person, key: key))
  }

  /// One that came back; nil when it is too old, was made for somebody else, or is none.
  init?(_ text: some StringProtocol, to person: Int64?, key: [UInt8], at now: Moment) {
    guard let bytes = Base64URL.decode(text), bytes.count == Self.length + 32 else { return nil }
    let sealed = Array(bytes.prefix(Self.length))
    guard
      constantTimeEqual(
        Array(bytes.suffix(32)), Self.seal(of: sealed, to: person, key: key))
    else { return nil }
    let ms = sealed.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    endsAt = Moment(ms: Int64(bitPattern: ms))
    guard now < endsAt else { return nil }
    self.text = String(text)
  }

  /// What names it where it is noted as used.
  var hash: [UInt8] { SHA256.digest(Array(text.utf8)) }

  /// The challenge for one form: the path that it is sent to says what is decided, and `bound` what
  /// about, the digest of a plan or the head of a log. `Public/passkeys.js` makes the same.
  func challenge(path: String, bound: String) -> [UInt8] {
    SHA256.digest(Array("passkey-v1\n\(text)\n\(path)\n\(bound)".utf8))
  }

  private static func seal(of bytes: [UInt8], to person: Int64?, key: [UInt8]) -> [UInt8] {
    let whom = person.map(String.init) ?? "nobody"
    return HMACSHA256.code(key: key, message: Array("passkey-offer-v1\0\(whom)\0".utf8) + bytes)
  }
}
