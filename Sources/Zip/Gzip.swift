/// Content in the coding gzip (RFC 1952, RFC 9110 §8.4.1.3).
public enum Gzip {
  /// Packs bytes as well as zlib can: for what is packed once and sent often.
  /// - Returns: nil when there is no memory for it.
  public static func pack(_ bytes: [UInt8]) -> [UInt8]? {
    var packed: [UInt8] = []
    do {
      let deflater = try Deflater(.gzip) { packed.append(contentsOf: $0) }
      try bytes.withUnsafeBytes { try deflater.add($0) }
      try deflater.finish()
    } catch {
      return nil
    }
    return packed
  }
}
