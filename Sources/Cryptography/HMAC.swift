import COpenSSL

/// HMAC (RFC 2104) with SHA-256.
public enum HMACSHA256 {
  /// The 32 bytes of the authentication code of `message` under `key`.
  public static func code(key: [UInt8], message: [UInt8]) -> [UInt8] {
    hmac(EVP_sha256(), length: SHA256.digestLength, key: key, message: message)
  }
}

/// HMAC (RFC 2104) with SHA-1: what one-time codes are made with, and nothing else. SHA-1 collides,
/// which a code under a secret key does not depend on (RFC 6238 §1.2, RFC 6194 §3.3).
enum HMACSHA1 {
  private static let length = 20

  /// The 20 bytes of the authentication code of `message` under `key`.
  static func code(key: [UInt8], message: [UInt8]) -> [UInt8] {
    hmac(EVP_sha1(), length: length, key: key, message: message)
  }
}

private func hmac(
  _ digest: OpaquePointer?, length: Int, key: [UInt8], message: [UInt8]
) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: length) { output, count in
    var written: UInt32 = 0
    let result = HMAC(
      digest, key, Int32(key.count), message, message.count, output.baseAddress, &written)
    precondition(result != nil && written == length, "libcrypto could not compute an HMAC")
    count = length
  }
}
