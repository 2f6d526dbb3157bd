import COpenSSL

/// A key pair of ES256 or RS256, made anew.
///
/// `@unchecked Sendable`: libcrypto's key is never changed after it was made, and signing only
/// reads it.
public final class SoftwareKey: @unchecked Sendable {
  private let pair: OpaquePointer
  /// The public key as COSE writes it.
  public let cose: [UInt8]

  /// - Parameter isRSA: a key of RS256 in place of ES256.
  public init(isRSA: Bool = false) {
    let context = EVP_PKEY_CTX_new_id(isRSA ? 6 : 408, nil)  // EVP_PKEY_RSA, EVP_PKEY_EC
    defer { EVP_PKEY_CTX_free(context) }
    var made: OpaquePointer?
    guard EVP_PKEY_keygen_init(context) == 1,
      (isRSA
        ? EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2_048)
        : EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, 415)) == 1,  // prime256v1
      EVP_PKEY_keygen(context, &made) == 1, let made
    else { preconditionFailure("libcrypto makes keys") }
    pair = made
    cose = isRSA ? Self.rsa(made) : Self.p256(made)
  }

  deinit { EVP_PKEY_free(pair) }

  /// The signature of a message, with SHA-256.
  public func sign(_ message: [UInt8]) -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var count = 1_024
    var signature = [UInt8](repeating: 0, count: count)
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pair) == 1,
      EVP_DigestSign(context, &signature, &count, message, message.count) == 1
    else { preconditionFailure("libcrypto signs") }
    return Array(signature.prefix(count))
  }

  private static func p256(_ key: OpaquePointer) -> [UInt8] {
    var encoded: UnsafeMutablePointer<UInt8>?
    let count = Int(i2d_PUBKEY(key, &encoded))
    guard count > 65, let encoded else { preconditionFailure("libcrypto writes keys") }
    defer { CRYPTO_free(encoded, nil, 0) }
    let point = Array(UnsafeBufferPointer(start: encoded, count: count)).suffix(64)
    return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20] + point.prefix(32)
      + [0x22, 0x58, 0x20] + point.suffix(32)
  }

  private static func rsa(_ key: OpaquePointer) -> [UInt8] {
    var number: OpaquePointer?
    guard EVP_PKEY_get_bn_param(key, "n", &number) == 1 else {
      preconditionFailure("a key of RSA has a modulus")
    }
    defer { BN_free(number) }
    var modulus = [UInt8](repeating: 0, count: 256)
    BN_bn2bin(number, &modulus)
    return [0xA4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59, 0x01, 0x00] + modulus
      + [0x21, 0x43, 0x01, 0x00, 0x01]
  }
}
