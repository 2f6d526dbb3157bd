import COpenSSL

/// A SHA-256 digest that is made piece by piece, of what is too large for memory.
public final class SHA256Stream {
  private let context: OpaquePointer

  /// A digest of nothing yet.
  public init() {
    guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex(made, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto could not begin a SHA-256 digest")
    }
    context = made
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes behind those before.
  public func add(_ bytes: UnsafeRawBufferPointer) {
    let result = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(result == 1, "libcrypto could not go on with a SHA-256 digest")
  }

  /// The digest of everything that was added, as 64 lowercase hexadecimal digits. Nothing can be
  /// added afterwards.
  public func finish() -> String {
    let digest = [UInt8](unsafeUninitializedCapacity: SHA256.digestLength) { output, count in
      let result = EVP_DigestFinal_ex(context, output.baseAddress, nil)
      precondition(result == 1, "libcrypto could not end a SHA-256 digest")
      count = SHA256.digestLength
    }
    return Hex.encode(digest)
  }
}
