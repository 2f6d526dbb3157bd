import Cryptography
import GRDB
import Rules

/// The key that seals the secrets of second factors. It is in a file outside the database, so that
/// whoever reads the one can't make anybody's codes.
struct FactorKey: Sendable {
  /// How long an offered secret waits for the code that confirms it.
  static let offerMs = 15 * Span.minute

  private static let what = "the key that seals second factors"
  private let key: SealingKey

  /// The key for this start: read from its file, or made where nothing is sealed yet.
  /// - Throws: `StorageProblem` when the file is missing, open to others, or of another database.
  static func open(_ file: String, in storage: Storage, outside: Outside) throws -> FactorKey {
    let sealed = try storage.readNow { try FactorStore.all(in: $0) }
    guard let line = try KeyFile.read(file, holding: what) else {
      guard sealed.isEmpty else {
        throw StorageProblem(
          "\(file), \(what), is not there. Put it back from its copy, or take every second factor "
            + "away with `caretaker user remove-factor` and have them added anew.")
      }
      let secret = Secret(bytes: try outside.randomBytes(SealingKey.length))
      guard let key = SealingKey(secret) else { throw CryptographyProblem.badKey }
      try KeyFile.write(Secret(Base64.encode(secret.bytes)), to: file, mode: 0o600)
      return FactorKey(key: key)
    }
    let text = String(decoding: line.bytes, as: UTF8.self)
    guard let bytes = Base64.decode(text), let key = SealingKey(Secret(bytes: bytes)) else {
      throw StorageProblem("\(file) holds no key that can seal. Put the right file back.")
    }
    let factorKey = FactorKey(key: key)
    // A single one that does not open is damaged, and refuses its person's codes alone.
    let opens = sealed.contains { factorKey.open($0.secret, of: $0.person) != nil }
    guard sealed.isEmpty || opens else {
      throw StorageProblem(
        "The key in \(file) is not the one second factors are sealed with. Put the right file "
          + "back.")
    }
    return factorKey
  }

  /// The secret of a person's factor as it is stored. It opens for them alone.
  func seal(_ secret: Secret, of person: Int64, nonce: [UInt8]) throws -> [UInt8] {
    try key.seal(secret, nonce: nonce, for: Self.context("factor-v1", person))
  }

  /// The secret; nil when it is not as it was sealed.
  func open(_ sealed: [UInt8], of person: Int64) -> Secret? {
    key.open(sealed, for: Self.context("factor-v1", person))
  }

  /// A secret that is offered to a person, as it travels in the page: nothing of it is stored.
  func offer(_ secret: Secret, to person: Int64, at now: Moment, nonce: [UInt8]) throws -> String {
    let sealed = try key.seal(
      secret, nonce: nonce, for: Self.context("offer-v1\0\(now.ms)", person))
    return "\(now.ms).\(Hex.encode(sealed))"
  }

  /// The secret of an offer; nil when it is too old, was made for somebody else, or is none.
  func secret(ofOffer text: String, to person: Int64, at now: Moment) -> Secret? {
    let parts = text.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, let ms = Int64(parts[0]), let sealed = Hex.decode(parts[1]),
      (0...Self.offerMs).contains(now.since(Moment(ms: ms)))
    else { return nil }
    return key.open(sealed, for: Self.context("offer-v1\0\(ms)", person))
  }

  private static func context(_ what: String, _ person: Int64) -> [UInt8] {
    Array("\(what)\0\(person)".utf8)
  }
}
