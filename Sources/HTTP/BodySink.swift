/// Where the bytes of a body go while it arrives: into memory whole, or in blocks that are taken
/// out one by one. Either way it holds no more than it may.
struct BodySink {
  /// Of the whole body, in bytes.
  let bytesMax: Int
  /// Bytes held until they are taken out as a block; nil when they are kept to the end.
  let blockBytes: Int?
  private(set) var bytes: [UInt8] = []
  private(set) var receivedBytes = 0

  /// How many bytes may still come.
  var bytesLeft: Int { bytesMax - receivedBytes }

  /// Moves bytes that have arrived here; gives their number, which is less than `countMax` also
  /// when a block is full.
  mutating func take(_ countMax: Int, from input: inout InputBuffer) -> Int {
    let room = blockBytes.map { $0 - bytes.count } ?? countMax
    let count = input.take(min(countMax, room), into: &bytes)
    receivedBytes += count
    return count
  }

  /// The next block, once it is full or the body has ended.
  mutating func block(isLast: Bool) -> [UInt8]? {
    guard let blockBytes, bytes.count >= blockBytes || isLast && !bytes.isEmpty else { return nil }
    defer { bytes = [] }
    return bytes
  }
}
