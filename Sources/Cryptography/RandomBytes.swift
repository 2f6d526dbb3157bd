import COpenSSL

/// Unpredictable bytes from libcrypto's generator, seeded by the kernel.
public enum RandomBytes {
  /// The most bytes one call gives.
  public static let maxCount = 1 << 20

  /// - Parameter count: How many bytes, 0 to ``maxCount``.
  /// - Throws: `CryptographyProblem.countOutOfRange`, or `.noRandomness` when the generator is
  ///   not seeded.
  public static func generate(_ count: Int) throws(CryptographyProblem) -> [UInt8] {
    guard 0...maxCount ~= count else { throw .countOutOfRange(count) }
    var bytes = [UInt8](repeating: 0, count: count)
    guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw .noRandomness }
    return bytes
  }
}
