public import Cryptography

/// The public key of a credential as authenticators write it (RFC 9052 §7, RFC 9053 §7.1,
/// RFC 8230 §4): of ES256 or RS256.
public struct CredentialKey: Sendable, Equatable {
  /// The algorithms that are asked for, in the order of preference, as COSE numbers them.
  public static let algorithms = [-7, -257]

  /// The key as it came, to be kept.
  public let encoded: [UInt8]
  /// What signatures are checked with.
  public let key: PublicKey

  /// A key that was kept.
  /// - Throws: `WebAuthnProblem` for anything that is none.
  public init(_ encoded: [UInt8]) throws(WebAuthnProblem) {
    var reader = CBORReader(encoded)
    try self.init(&reader)
    guard reader.rest.isEmpty else { throw .encoding }
  }

  /// The key that stands next in a reader.
  init(_ reader: inout CBORReader) throws(WebAuthnProblem) {
    let before = reader.rest
    guard let fields = try reader.next().map else { throw .encoding }
    encoded = Array(before.dropLast(reader.rest.count))
    let made: PublicKey? =
      switch (fields[1]?.number, fields[3]?.number) {
      case (2, -7) where fields[-1] == 1:
        PublicKey(x: fields[-2]?.bytes ?? [], y: fields[-3]?.bytes ?? [])
      case (3, -257):
        PublicKey(modulus: fields[-1]?.bytes ?? [], exponent: fields[-2]?.bytes ?? [])
      default: nil
      }
    guard let made else { throw .key }
    key = made
  }
}
