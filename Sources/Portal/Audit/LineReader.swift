import Foundation

/// The lines of a file, one after the other, in memory for one of them.
final class LineReader {
  /// The longest line, in bytes. An entry has a few hundred; this is for what is no export.
  static let lineBytesMax = 16 << 20
  private static let chunkBytes = 1 << 16

  private let file: FileHandle
  private var chunk: [UInt8] = []
  private var position = 0

  /// - Throws: when there is no such file or it may not be read.
  init(path: String) throws {
    file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  }

  deinit { try? file.close() }

  /// The next line without its end; nil at the end of the file. A last line without an end is one.
  func next() throws -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      if position == chunk.count {
        chunk = try file.read(upToCount: Self.chunkBytes).map { [UInt8]($0) } ?? []
        position = 0
        if chunk.isEmpty { return line.isEmpty ? nil : line }
      }
      let rest = chunk[position...]
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
        line += rest
        position = chunk.count
        guard line.count <= Self.lineBytesMax else {
          throw StorageProblem("It has a line of more than \(Self.lineBytesMax) bytes.")
        }
        continue
      }
      line += rest[..<end]
      position = end + 1
      return line
    }
  }
}
