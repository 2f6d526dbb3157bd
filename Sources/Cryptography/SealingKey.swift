import COpenSSL

/// A key that keeps short secrets unreadable and unchangeable where they are stored: AES-256-GCM
/// (NIST SP 800-38D).
public struct SealingKey: Sendable {
  /// The length of a key in bytes.
  public static let length = 32
  /// The length of a nonce in bytes. Random ones are good for 2^32 seals under one key.
  public static let nonceLength = 12
  /// The length of the tag in bytes.
  public static let tagLength = 16

  /// The key itself.
  public let secret: Secret

  /// Nil unless there are ``length`` bytes.
  public init?(_ secret: Secret) {
    guard secret.bytes.count == Self.length else { return nil }
    self.secret = secret
  }

  /// The nonce, the hidden bytes and the tag.
  /// - Parameters:
  ///   - nonce: ``nonceLength`` bytes that were never used with this key.
  ///   - context: what it is for; it opens for the same context alone.
  public func seal(
    _ plain: Secret, nonce: [UInt8], for context: [UInt8]
  ) throws(CryptographyProblem) -> [UInt8] {
    guard nonce.count == Self.nonceLength, let cipher = EVP_CIPHER_CTX_new() else { throw .badKey }
    defer { EVP_CIPHER_CTX_free(cipher) }
    var hidden = [UInt8](repeating: 0, count: plain.bytes.count)
    var tag = [UInt8](repeating: 0, count: Self.tagLength)
    var (count, rest): (Int32, Int32) = (0, 0)
    guard EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nil, secret.bytes, nonce) == 1,
      EVP_EncryptUpdate(cipher, nil, &count, context, Int32(context.count)) == 1,
      EVP_EncryptUpdate(cipher, &hidden, &count, plain.bytes, Int32(plain.bytes.count)) == 1,
      EVP_EncryptFinal_ex(cipher, nil, &rest) == 1,
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagLength), &tag) == 1
    else { throw .badKey }
    return nonce + hidden + tag
  }

  /// What was sealed; nil when a bit of it differs, or it was sealed with another key or for
  /// another context.
  public func open(_ sealed: [UInt8], for context: [UInt8]) -> Secret? {
    guard sealed.count >= Self.nonceLength + Self.tagLength,
      let cipher = EVP_CIPHER_CTX_new()
    else { return nil }
    defer { EVP_CIPHER_CTX_free(cipher) }
    let nonce = Array(sealed.prefix(Self.nonceLength))
    var tag = Array(sealed.suffix(Self.tagLength))
    let hidden = Array(sealed.dropFirst(Self.nonceLength).dropLast(Self.tagLength))
    var plain = [UInt8](repeating: 0, count: hidden.count)
    var (count, rest): (Int32, Int32) = (0, 0)
    guard EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), nil, secret.bytes, nonce) == 1,
      EVP_DecryptUpdate(cipher, nil, &count, context, Int32(context.count)) == 1,
      EVP_DecryptUpdate(cipher, &plain, &count, hidden, Int32(hidden.count)) == 1,
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagLength), &tag) == 1,
      EVP_DecryptFinal_ex(cipher, nil, &rest) == 1
    else { return nil }
    return Secret(bytes: plain)
  }
}
