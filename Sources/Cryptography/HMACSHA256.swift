import COpenSSL

/// HMAC (RFC 2104) with SHA-256.
public enum HMACSHA256 {
  /// The block size of SHA-256 in bytes; RFC 2104 §2 hashes longer keys first.
  private static let blockLength = 64

  /// The 32 bytes of the authentication code of `message` under `key`.
  public static func code(key: [UInt8], message: [UInt8]) -> [UInt8] {
    let key = key.count > blockLength ? SHA256.digest(key) : key
    return [UInt8](unsafeUninitializedCapacity: SHA256.digestLength) { output, count in
      var length: UInt32 = 0
      let result = HMAC(
        EVP_sha256(), key, Int32(key.count), message, message.count, output.baseAddress, &length)
      precondition(
        result != nil && length == SHA256.digestLength, "libcrypto could not compute an HMAC")
      count = SHA256.digestLength
    }
  }
}
