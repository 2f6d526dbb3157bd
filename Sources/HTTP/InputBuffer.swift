import Glibc

/// Bytes that have arrived and are not yet taken, handed out by lines and by counts. How the bytes
/// were split on their way makes no difference.
struct InputBuffer {
  /// All that is held; what `line` gives are ranges of this.
  private(set) var bytes: [UInt8] = []
  private var start = 0
  /// From `start` to here there is no line feed.
  private var searched = 0

  var isEmpty: Bool { start == bytes.count }

  mutating func append(_ more: UnsafeBufferPointer<UInt8>) {
    dropTaken()
    bytes.append(contentsOf: more)
  }

  /// Frees the memory of a buffer that once held much.
  mutating func shrink() {
    if isEmpty, bytes.capacity > Self.keptCapacity {
      bytes = []
      start = 0
      searched = 0
    }
  }

  /// A connection that waits keeps no more memory than this, in bytes.
  private static let keptCapacity = 2_048

  /// Takes the next line and gives its place without the line end; nil if its end has not come.
  /// - Parameters:
  ///   - lengthMax: bytes it may have without the line end.
  ///   - tooLong: thrown when it has more.
  /// - Throws: also for a line that ends in LF alone (RFC 9112 §2.2 lets a recipient be lenient;
  ///   where two recipients differ, requests are smuggled).
  mutating func line(
    lengthMax: Int, tooLong: RequestProblem
  ) throws(RequestProblem) -> Range<Int>? {
    guard let end = lineFeed() else {
      searched = bytes.count
      guard bytes.count - start <= lengthMax + 1 else { throw tooLong }
      return nil
    }
    guard end - start - 1 <= lengthMax else { throw tooLong }
    guard end > start, bytes[end - 1] == .carriageReturn else {
      throw .bad("A line ends in LF without CR.")
    }
    defer {
      start = end + 1
      searched = start
    }
    return start..<end - 1
  }

  /// Moves up to `countMax` bytes to the end of `target`; gives their number.
  mutating func take(_ countMax: Int, into target: inout [UInt8]) -> Int {
    let count = min(countMax, bytes.count - start)
    target.append(contentsOf: bytes[start..<start + count])
    start += count
    searched = start
    return count
  }

  private func lineFeed() -> Int? {
    bytes.withUnsafeBufferPointer { all in
      guard let base = all.baseAddress, searched < all.count,
        let found = memchr(base + searched, Int32(UInt8.lineFeed), all.count - searched)
      else { return nil }
      return UnsafeRawPointer(base).distance(to: found)
    }
  }

  private mutating func dropTaken() {
    guard start > 0 else { return }
    if isEmpty {
      bytes.removeAll(keepingCapacity: true)
    } else {
      bytes.removeSubrange(..<start)
    }
    searched -= start
    start = 0
  }
}
