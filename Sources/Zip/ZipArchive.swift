/// A ZIP archive that was read strictly: whatever two programs could unpack differently, or would
/// unpack outside its folder, is refused before anything is unpacked (APPNOTE 6.3.10).
///
/// All reading blocks, and is by place: nothing is mapped, so a file that changes meanwhile is an
/// error and no signal.
public final class ZipArchive: Sendable {
  /// Files and folders in the order of the archive's list.
  public let entries: [ZipEntry]
  private let source: ZipSource

  /// What is held packed, and unpacked, while a file is read, in bytes.
  static let bufferBytes = 65_536

  /// Opens an archive on disk.
  /// - Throws: `ZipProblem`, for everything that is not as it has to be.
  public convenience init(path: String, limits: ZipLimits = ZipLimits()) throws(ZipProblem) {
    try self.init(ZipSource(path: path), limits)
  }

  /// Opens an archive that is a part of an open file.
  /// - Parameters:
  ///   - descriptor: stays the caller's, and may be closed afterwards.
  ///   - range: where the archive stands in it.
  public convenience init(
    descriptor: Int32, range: Range<Int>, limits: ZipLimits = ZipLimits()
  ) throws(ZipProblem) {
    try self.init(ZipSource(descriptor: descriptor, range: range), limits)
  }

  private init(_ source: ZipSource, _ limits: ZipLimits) throws(ZipProblem) {
    self.source = source
    let directory = try ZipDirectory(source, limits)
    let headers = try Self.headers(directory, source, limits)
    try Self.checkSizes(of: headers, limits)
    let starts = try Self.layOut(headers, until: directory.range.lowerBound, in: source)
    entries = zip(headers, starts).map { header, start in
      ZipEntry(
        name: header.name, bytes: header.bytes, compressedBytes: header.compressedBytes,
        crc32: UInt32(truncatingIfNeeded: header.crc32), method: header.method, start: start)
    }
  }

  private static func headers(
    _ directory: ZipDirectory, _ source: ZipSource, _ limits: ZipLimits
  ) throws(ZipProblem) -> [ZipHeader] {
    let list = try source.record(at: directory.range.lowerBound, count: directory.range.count)
    var headers: [ZipHeader] = []
    var names = ZipNames()
    var place = 0
    for _ in 0..<directory.entryCount {
      let header = try ZipHeader(list, at: place, depthMax: limits.depthMax)
      try names.add(header.name)
      headers.append(header)
      place += header.lineLength
    }
    guard place == list.count else {
      throw .malformed("the list of its files is longer than it says")
    }
    return headers
  }

  private static func checkSizes(
    of headers: [ZipHeader], _ limits: ZipLimits
  ) throws(ZipProblem) {
    var (total, packed) = (0, 0)
    func checkRatio(_ bytes: Int, _ packed: Int) throws(ZipProblem) {
      guard bytes <= limits.ratioFreeBytes || bytes / max(1, packed) < limits.ratioMax else {
        throw .bomb(ratioMax: limits.ratioMax)
      }
    }
    for header in headers {
      guard header.bytes <= limits.entryBytesMax else {
        throw .entryTooLarge(name: header.name, bytesMax: limits.entryBytesMax)
      }
      total += header.bytes
      packed += header.compressedBytes
      guard total <= limits.totalBytesMax else {
        throw .totalTooLarge(bytesMax: limits.totalBytesMax)
      }
      try checkRatio(header.bytes, header.compressedBytes)
    }
    try checkRatio(total, packed)
  }

  /// Where the packed bytes of each begin. Headers and bytes fill the archive up to its list
  /// without a gap, so nothing is shared and nothing is hidden.
  private static func layOut(
    _ headers: [ZipHeader], until list: Int, in source: ZipSource
  ) throws(ZipProblem) -> [Int] {
    var starts = [Int](repeating: 0, count: headers.count)
    let order = headers.indices.sorted { headers[$0].offset < headers[$1].offset }
    var end = 0
    for (rank, index) in order.enumerated() {
      let header = headers[index]
      guard header.offset >= end else { throw .overlap(name: header.name) }
      guard header.offset == end else { throw .hiddenBytes }
      let next = rank + 1 < order.count ? headers[order[rank + 1]].offset : list
      starts[index] = try header.start(in: source)
      guard starts[index] + header.compressedBytes <= next else {
        throw .overlap(name: header.name)
      }
      end = try header.end(from: starts[index], next: next, in: source)
    }
    guard end == list else { throw .hiddenBytes }
    return starts
  }

  /// The content of a small file.
  /// - Throws: `.entryTooLarge` past `bytesMax`, before anything is unpacked.
  public func contents(of entry: ZipEntry, bytesMax: Int) throws -> [UInt8] {
    guard entry.bytes <= bytesMax else {
      throw ZipProblem.entryTooLarge(name: entry.name, bytesMax: bytesMax)
    }
    var contents: [UInt8] = []
    contents.reserveCapacity(entry.bytes)
    try read(entry) { contents.append(contentsOf: $0) }
    return contents
  }

  /// Unpacks a file, piece by piece. Only when this returns was everything what it has to be.
  /// - Throws: `.damaged` when length or CRC-32 differ from what the archive says, as soon as that
  ///   is known; and what `sink` throws.
  public func read(
    _ entry: ZipEntry, into sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var (bytes, sum) = (0, UInt(0))
    func take(_ part: UnsafeRawBufferPointer) throws {
      bytes += part.count
      guard bytes <= entry.bytes else { throw ZipProblem.damaged(name: entry.name) }
      sum = CRC.add(part, to: sum)
      try sink(part)
    }
    switch entry.method {
    case .stored: try readPacked(entry, into: take)
    case .deflated:
      let inflater = try Inflater(name: entry.name)
      try readPacked(entry) { try inflater.add($0, into: take) }
      guard inflater.isEnded else { throw ZipProblem.damaged(name: entry.name) }
    }
    guard bytes == entry.bytes, sum == UInt(entry.crc32) else {
      throw ZipProblem.damaged(name: entry.name)
    }
  }

  private func readPacked(
    _ entry: ZipEntry, into sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.bufferBytes, alignment: 1)
    defer { buffer.deallocate() }
    var offset = 0
    while offset < entry.compressedBytes {
      let count = min(buffer.count, entry.compressedBytes - offset)
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
      try source.read(at: entry.start + offset, into: part)
      try sink(UnsafeRawBufferPointer(part))
      offset += count
    }
  }
}
