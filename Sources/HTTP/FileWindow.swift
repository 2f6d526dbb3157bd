import Glibc

/// A file that is read from front to end through a buffer of fixed size.
struct FileWindow {
  /// Reads as many bytes as there are and as fit.
  typealias Source = (_ offset: Int, _ buffer: UnsafeMutableRawBufferPointer) throws -> Int

  let byteCount: Int
  private let read: Source
  private var buffer: [UInt8]
  /// Where in the file the buffer begins.
  private var start = 0
  private var filledBytes = 0

  /// - Parameter bufferBytes: more than any text that is looked for.
  init(byteCount: Int, bufferBytes: Int, read: @escaping Source) {
    self.byteCount = byteCount
    self.read = read
    buffer = [UInt8](repeating: 0, count: bufferBytes)
  }

  /// Whether these bytes stand at a place.
  mutating func has(_ bytes: [UInt8], at offset: Int) throws -> Bool {
    let held = try hold(bytes.count, at: offset)
    return held.count >= bytes.count && buffer[held].prefix(bytes.count).elementsEqual(bytes)
  }

  /// Where these bytes stand first, from a place on; nil when they don't.
  mutating func place(of bytes: [UInt8], from offset: Int) throws -> Int? {
    var offset = offset
    while true {
      let held = try hold(bytes.count, at: offset)
      guard held.count >= bytes.count else { return nil }
      if let found = Self.find(bytes, in: buffer, held) { return start + found }
      // The last bytes may be the beginning of what is looked for.
      offset = start + held.upperBound - (bytes.count - 1)
    }
  }

  /// The bytes of a range within the file.
  func bytes(_ range: Range<Int>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    let count = try bytes.withUnsafeMutableBytes { try read(range.lowerBound, $0) }
    guard count == bytes.count else { throw BodyFileProblem(number: EIO) }
    return bytes
  }

  /// Has so many bytes in the buffer, or as many as the file still has; gives where they and all
  /// that follow them stand there.
  private mutating func hold(_ count: Int, at offset: Int) throws -> Range<Int> {
    let wanted = min(count, byteCount - offset)
    if offset < start || offset + wanted > start + filledBytes {
      filledBytes = 0
      start = offset
      filledBytes = try buffer.withUnsafeMutableBytes { try read(offset, $0) }
      guard filledBytes >= wanted else { throw BodyFileProblem(number: EIO) }
    }
    return offset - start..<filledBytes
  }

  private static func find(_ bytes: [UInt8], in buffer: [UInt8], _ range: Range<Int>) -> Int? {
    buffer.withUnsafeBytes { all in
      bytes.withUnsafeBytes { wanted -> Int? in
        guard let base = all.baseAddress, let text = wanted.baseAddress, let first = wanted.first
        else { return nil }
        var index = range.lowerBound
        let end = range.upperBound - wanted.count + 1
        while index < end, let found = memchr(base + index, Int32(first), end - index) {
          index = base.distance(to: UnsafeRawPointer(found))
          if memcmp(found, text, wanted.count) == 0 { return index }
          index += 1
        }
        return nil
      }
    }
  }
}
