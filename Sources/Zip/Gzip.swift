import CZlib

/// Content in the coding gzip (RFC 1952, RFC 9110 §8.4.1.3).
public enum Gzip {
  /// How much work is put into packing.
  public enum Effort: Sendable {
    /// As well as zlib can: for what is packed once and sent often.
    case well
    /// As quickly as zlib can, which takes HTML to about a fifth: for what is sent once.
    case quickly

    var level: Int32 { self == .well ? Z_BEST_COMPRESSION : Z_BEST_SPEED }
  }

  /// Packs bytes.
  /// - Returns: nil when there is no memory for it.
  public static func pack(_ bytes: [UInt8], _ effort: Effort = .well) -> [UInt8]? {
    var packed: [UInt8] = []
    do {
      let deflater = try Deflater(.gzip(level: effort.level)) { packed.append(contentsOf: $0) }
      try bytes.withUnsafeBytes { try deflater.add($0) }
      try deflater.finish()
    } catch {
      return nil
    }
    return packed
  }
}
