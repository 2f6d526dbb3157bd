import COpenSSL

/// A private key of Ed25519 (RFC 8032 §5.1).
public struct SigningKey: Sendable {
  /// The length of the seed in bytes.
  public static let seedLength = 32

  /// The 32 bytes from which the key is made.
  public let seed: Secret
  /// The key with which others check its signatures.
  public let verifyingKey: VerifyingKey

  /// - Throws: `CryptographyProblem.badKey` unless the seed has ``seedLength`` bytes.
  public init(seed: Secret) throws(CryptographyProblem) {
    guard seed.bytes.count == Self.seedLength, let key = Self.key(from: seed) else {
      throw .badKey
    }
    defer { EVP_PKEY_free(key) }
    var length = VerifyingKey.length
    var bytes = [UInt8](repeating: 0, count: length)
    guard EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1,
      let verifyingKey = VerifyingKey(bytes: bytes)
    else { throw .badKey }
    self.seed = seed
    self.verifyingKey = verifyingKey
  }

  /// The 64 bytes of the signature of a message; the same each time.
  public func sign(_ message: [UInt8]) throws(CryptographyProblem) -> [UInt8] {
    guard let key = Self.key(from: seed), let context = EVP_MD_CTX_new() else { throw .badKey }
    defer {
      EVP_MD_CTX_free(context)
      EVP_PKEY_free(key)
    }
    var length = VerifyingKey.signatureLength
    var signature = [UInt8](repeating: 0, count: length)
    guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
      EVP_DigestSign(context, &signature, &length, message, message.count) == 1
    else { throw .badKey }
    return signature
  }

  private static func key(from seed: Secret) -> OpaquePointer? {
    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed.bytes, seed.bytes.count)
  }
}

/// A public key of Ed25519.
public struct VerifyingKey: Sendable, Hashable {
  /// The length of a key in bytes.
  public static let length = 32
  /// The length of a signature in bytes.
  public static let signatureLength = 64

  /// The key as RFC 8032 encodes it.
  public let bytes: [UInt8]

  /// Nil unless there are ``length`` bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }

  /// Whether a signature of `message` was made with this key's private half.
  public func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == Self.signatureLength,
      let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count),
      let context = EVP_MD_CTX_new()
    else { return false }
    defer {
      EVP_MD_CTX_free(context)
      EVP_PKEY_free(key)
      // A wrong signature leaves a note in this thread's queue of libcrypto, for nobody.
      ERR_clear_error()
    }
    return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
