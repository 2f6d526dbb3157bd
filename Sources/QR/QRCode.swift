/// A QR code of bytes with error correction M, in the smallest of versions 1 to 10 that holds them
/// (ISO/IEC 18004).
public struct QRCode: Sendable, Hashable {
  /// The most bytes that a code of version 10 holds.
  public static let bytesMax = Version.all.last?.bytesMax ?? 0
  /// The light modules that have to be around it (ISO/IEC 18004 §9.1).
  public static let quietZone = 4

  /// Modules along one side, without the quiet zone.
  public let size: Int
  let modules: [Bool]

  /// The code of a text's UTF-8; nil when that is more than ``bytesMax`` bytes.
  public init?(_ text: String) {
    self.init(Array(text.utf8), mask: nil)
  }

  /// - Parameter mask: one of the eight masks; nil for the one that reads best.
  init?(_ bytes: [UInt8], mask: Int?) {
    guard let version = Version.all.first(where: { $0.bytesMax >= bytes.count }) else {
      return nil
    }
    let blank = Matrix(version, codewords: version.codewords(of: bytes))
    let candidates = (mask.map { [$0] } ?? Array(0..<8)).map { blank.masked($0) }
    let best = candidates.min { $0.penalty < $1.penalty } ?? blank
    size = best.size
    modules = best.isDark
  }

  /// Whether a module is dark; those around the code are light.
  public func isDark(_ x: Int, _ y: Int) -> Bool {
    0..<size ~= x && 0..<size ~= y && modules[y * size + x]
  }

  /// The dark modules as the path of an SVG of `size` and the quiet zone on both sides.
  public var path: String {
    var path = ""
    for y in 0..<size {
      var x = 0
      while x < size {
        let start = x
        while isDark(x, y) { x += 1 }
        if x > start {
          path += "M\(start + Self.quietZone) \(y + Self.quietZone)h\(x - start)v1h-\(x - start)z"
        }
        x += 1
      }
    }
    return path
  }
}
