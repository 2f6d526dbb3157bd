public import Cryptography

/// The keys a provider signs with, as its JWK Set has them (RFC 7517 §5).
public struct SigningKeys: Sendable {
  private struct Entry: Sendable {
    let id: String?
    let key: PublicKey
  }

  private let entries: [Entry]

  /// The most keys that are read.
  public static let countMax = 100

  /// - Returns: nil for what is no set of keys. Keys of other kinds and uses are passed over, as
  ///   RFC 7517 §5 asks.
  public init?(_ body: [UInt8]) {
    guard let keys = StrictJSON(body)?["keys"]?.entries, keys.count <= Self.countMax else {
      return nil
    }
    entries = keys.compactMap { entry in
      guard entry["use"] == nil || entry["use"]?.text == "sig" else { return nil }
      return Self.key(entry).map { Entry(id: entry["kid"]?.text, key: $0) }
    }
  }

  /// The key of a name and kind. Without a name only where there is no choice.
  public func key(_ id: String?, for algorithm: IDToken.Algorithm) -> PublicKey? {
    let fitting = entries.filter {
      $0.key.isP256 == (algorithm == .es256) && (id == nil || $0.id == id)
    }
    return fitting.count == 1 ? fitting[0].key : nil
  }

  private static func key(_ entry: StrictJSON) -> PublicKey? {
    func bytes(_ name: String) -> [UInt8]? { entry[name]?.text.flatMap { Base64URL.decode($0) } }
    let named = entry["alg"]?.text
    switch entry["kty"]?.text {
    case "RSA":
      guard named == nil || named == IDToken.Algorithm.rs256.rawValue, let n = bytes("n"),
        let e = bytes("e")
      else { return nil }
      return PublicKey(modulus: n, exponent: e)
    case "EC":
      guard named == nil || named == IDToken.Algorithm.es256.rawValue,
        entry["crv"]?.text == "P-256", let x = bytes("x"), let y = bytes("y")
      else { return nil }
      return PublicKey(x: x, y: y)
    default: return nil
    }
  }
}
