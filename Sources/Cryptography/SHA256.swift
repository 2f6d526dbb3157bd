import COpenSSL

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
  /// The length of a digest in bytes.
  public static let digestLength = 32

  /// The 32 bytes of the digest of `bytes`.
  public static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
    bytes.withContiguousStorageIfAvailable(digest(of:))
      ?? Array(bytes).withUnsafeBufferPointer(digest(of:))
  }

  /// The digest of `bytes` as 64 lowercase hexadecimal digits.
  public static func hexDigest(_ bytes: some Collection<UInt8>) -> String {
    Hex.encode(digest(bytes))
  }

  /// Looked up once: libcrypto's own `SHA256` does so for each digest, which takes longer than an
  /// entry of the log does. What it points to is never changed.
  nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

  private static func digest(of bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: digestLength) { output, count in
      let result = EVP_Digest(
        bytes.baseAddress, bytes.count, output.baseAddress, nil, algorithm, nil)
      // libcrypto fails here only when it was built without the algorithm or memory is gone.
      precondition(result == 1, "libcrypto could not compute a SHA-256 digest")
      count = digestLength
    }
  }
}
