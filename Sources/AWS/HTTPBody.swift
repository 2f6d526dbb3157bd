/// A body that is read while it is sent, so that a large file never stands in memory: bytes and
/// ranges of files, one behind the other.
public struct HTTPBody: Sendable {
  /// What stands at one place of the body.
  public enum Piece: Sendable {
    /// These bytes.
    case bytes([UInt8])
    /// A range of a file, in bytes from its begin.
    case file(HTTPFile, Range<Int>)

    /// The length in bytes.
    var byteCount: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .file(_, let range): range.count
      }
    }
  }

  /// The pieces in the order they are sent.
  public let pieces: [Piece]
  /// The length of all of them, which is sent ahead as Content-Length (RFC 9110 §8.6).
  public let byteCount: Int

  /// A body of these pieces.
  public init(_ pieces: [Piece]) {
    self.pieces = pieces
    byteCount = pieces.reduce(0) { $0 + $1.byteCount }
  }
}

/// Where the sending of a body stands.
struct HTTPBodyReader {
  private let pieces: [HTTPBody.Piece]
  private var index = 0
  private var offset = 0

  init(_ body: HTTPBody) { pieces = body.pieces }

  /// Fills as much of the buffer as the current piece has.
  /// - Returns: how many bytes; 0 at the end.
  /// - Throws: ``HTTPFileProblem`` where a file can't be read, or has become shorter.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPFileProblem) -> Int {
    while index < pieces.count {
      let piece = pieces[index]
      let count = min(buffer.count, piece.byteCount - offset)
      guard count > 0 else {
        (index, offset) = (index + 1, 0)
        continue
      }
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
      switch piece {
      case .bytes(let bytes): part.copyBytes(from: bytes[offset..<offset + count])
      case .file(let file, let range):
        try file.read(at: range.lowerBound + offset, into: part)
      }
      offset += count
      return count
    }
    return 0
  }
}
