/// Where the list of entries is, from the end of the archive (APPNOTE 4.3.16).
struct ZipDirectory {
  static let signature = 0x0605_4B50
  static let length = 22
  /// The end of an archive in the Zip64 format has this before it (APPNOTE 4.3.15).
  private static let zip64Signature = 0x0706_4B50
  private static let zip64Length = 20
  private static let commentBytesMax = 65_535

  /// Where the list stands in the archive.
  let range: Range<Int>
  let entryCount: Int

  init(_ source: ZipSource, _ limits: ZipLimits) throws(ZipProblem) {
    guard source.byteCount <= limits.archiveBytesMax else {
      throw .archiveTooLarge(bytesMax: limits.archiveBytesMax)
    }
    let tailLength = min(source.byteCount, Self.length + Self.commentBytesMax + Self.zip64Length)
    let tailStart = source.byteCount - tailLength
    let tail = try source.record(at: tailStart, count: tailLength)
    let place = try Self.place(in: tail)
    let end = tailStart + place
    // A number that does not fit is all ones, and stands in a record before this one.
    guard tail.uint32(place + 16) != 0xFFFF_FFFF, tail.uint32(place + 12) != 0xFFFF_FFFF,
      tail.uint16(place + 10) != 0xFFFF,
      place < Self.zip64Length || tail.uint32(place - Self.zip64Length) != Self.zip64Signature
    else { throw .zip64 }
    guard tail.uint16(place + 4) == 0, tail.uint16(place + 6) == 0,
      tail.uint16(place + 8) == tail.uint16(place + 10)
    else { throw .severalVolumes }
    entryCount = tail.uint16(place + 10)
    guard entryCount <= limits.entriesMax else { throw .tooManyEntries(max: limits.entriesMax) }
    let (length, start) = (tail.uint32(place + 12), tail.uint32(place + 16))
    guard start + length == end else {
      throw .malformed("the list of its files is not where it has to be")
    }
    guard length <= limits.directoryBytesMax else {
      throw .malformed("the list of its files is too long")
    }
    range = start..<end
  }

  /// Where the end record is. A comment may follow it, but exactly as long as it says; where two
  /// places would do, two programs could see two archives.
  private static func place(in tail: ZipRecord) throws(ZipProblem) -> Int {
    guard tail.count >= length else { throw .notAnArchive }
    var found: Int?
    for place in 0...tail.count - length
    where tail.bytes[place] == 0x50 && tail.uint32(place) == signature {
      guard place + length + tail.uint16(place + 20) == tail.count else { continue }
      guard found == nil else { throw .malformed("it has two ends") }
      found = place
    }
    guard let found else { throw .notAnArchive }
    return found
  }
}
