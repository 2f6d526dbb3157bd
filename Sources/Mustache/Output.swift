/// Where a page is written: memory of one size, and a count that goes on when it is full, so that
/// it tells how much would have been enough.
///
/// An array that grows asks at each of the thousands of small parts of a page who else holds it.
struct Output {
  private let room: UnsafeMutableBufferPointer<UInt8>
  /// How long everything appended is, in bytes.
  private(set) var count = 0

  init(_ room: UnsafeMutableBufferPointer<UInt8>) {
    self.room = room
  }

  /// Appends all of `bytes`, or counts them where they do not fit; nothing fits after that.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    if let source = bytes.baseAddress, let start = room.baseAddress,
      bytes.count <= room.count - count
    {
      (start + count).update(from: source, count: bytes.count)
    }
    count += bytes.count
  }
}
