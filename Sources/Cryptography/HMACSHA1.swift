import COpenSSL

/// HMAC (RFC 2104) with SHA-1: what one-time codes are made with, and nothing else. SHA-1 collides,
/// which a code under a secret key does not depend on (RFC 6238 §1.2, RFC 6194 §3.3).
enum HMACSHA1 {
  static let length = 20

  /// The 20 bytes of the authentication code of `message` under `key`.
  static func code(key: [UInt8], message: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: length) { output, count in
      var written: UInt32 = 0
      let result = HMAC(
        EVP_sha1(), key, Int32(key.count), message, message.count, output.baseAddress, &written)
      precondition(result != nil && written == length, "libcrypto could not compute an HMAC")
      count = length
    }
  }
}
