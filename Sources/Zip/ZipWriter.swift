/// Writes a ZIP archive from front to end, with little memory. The same entries in the same order
/// make the same bytes: every time is 1980-01-01, the first that ZIP knows.
///
/// What it writes, `ZipArchive` reads: names are checked alike. All writing blocks.
public final class ZipWriter {
  private let sink: (UnsafeRawBufferPointer) throws -> Void
  private var offset = 0
  private var list: [UInt8] = []
  private var entryCount = 0
  private var names = ZipNames()

  /// Past these an archive would need the Zip64 format.
  private static let bytesMax = 0xFFFF_FFFE
  private static let entriesMax = 0xFFFE
  /// 1980-01-01 (APPNOTE 4.4.6).
  private static let date = 1 << 5 | 1
  private static let version = 20
  private static let madeByUnix = 3 << 8

  /// - Parameter sink: takes the archive piece by piece; what it throws, `finish` and adding throw.
  public init(into sink: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.sink = sink }

  /// Adds a folder. The folders of a file need not be added.
  /// - Parameter name: with a slash at its end.
  public func addFolder(_ name: String) throws {
    guard name.hasSuffix("/") else {
      throw ZipProblem.malformedEntry(name: name, what: "a folder has no slash at its end")
    }
    let line = try begin(name, method: .stored, flags: ZipHeader.isUTF8)
    list += line.central(sum: 0, packed: 0, bytes: 0, attributes: 0o40755 << 16 | 0x10)
  }

  /// Adds a file.
  public func addFile(_ name: String, _ contents: [UInt8]) throws {
    try addFile(name) { sink in try contents.withUnsafeBytes(sink) }
  }

  /// Adds a file whose content is handed over piece by piece. When this throws, what was written so
  /// far is no archive.
  /// - Parameter contents: called once, with what takes the pieces.
  public func addFile(
    _ name: String,
    contents: (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    guard !name.hasSuffix("/") else {
      throw ZipProblem.malformedEntry(name: name, what: "a file has a slash at its end")
    }
    let line = try begin(
      name, method: .deflated, flags: ZipHeader.hasDescriptor | ZipHeader.isUTF8)
    let start = offset
    var (bytes, sum): (Int, UInt) = (0, 0)
    let deflater = try Deflater { [self] in try write($0) }
    try contents { part in
      bytes += part.count
      guard bytes <= Self.bytesMax else { throw ZipProblem.zip64 }
      sum = CRC.add(part, to: sum)
      try deflater.add(part)
    }
    try deflater.finish()
    let packed = offset - start
    var descriptor = ZipBytes()
    descriptor.add32(ZipHeader.descriptorSignature, Int(sum), packed, bytes)
    try write(descriptor.bytes)
    list += line.central(sum: Int(sum), packed: packed, bytes: bytes, attributes: 0o100644 << 16)
  }

  /// Writes the list of entries. Nothing can be added afterwards.
  public func finish() throws {
    let start = offset
    try write(list)
    var end = ZipBytes()
    end.add32(ZipDirectory.signature)
    end.add16(0, 0, entryCount, entryCount)
    end.add32(list.count, start)
    end.add16(0)
    try write(end.bytes)
  }

  private func begin(_ name: String, method: ZipEntry.Method, flags: Int) throws -> Line {
    let bytes = Array(name.utf8)
    try names.add(ZipName.parse(bytes, depthMax: ZipLimits().depthMax))
    guard entryCount < Self.entriesMax else { throw ZipProblem.zip64 }
    entryCount += 1
    let line = Line(name: bytes, offset: offset, flags: flags, method: method.rawValue)
    try write(line.local)
    return line
  }

  private func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
    offset += bytes.count
    guard offset <= Self.bytesMax else { throw ZipProblem.zip64 }
    try sink(bytes)
  }

  /// An entry's two headers.
  private struct Line {
    let name: [UInt8]
    let offset: Int
    let flags: Int
    let method: Int

    /// Sizes follow the file (APPNOTE 4.3.7, 4.4.4).
    var local: [UInt8] {
      var header = ZipBytes()
      header.add32(ZipHeader.localSignature)
      header.add16(version, flags, method, 0, date)
      header.add32(0, 0, 0)
      header.add16(name.count, 0)
      return header.bytes + name
    }

    /// APPNOTE 4.3.12.
    func central(sum: Int, packed: Int, bytes: Int, attributes: Int) -> [UInt8] {
      var header = ZipBytes()
      header.add32(ZipHeader.signature)
      header.add16(madeByUnix | version, version, flags, method, 0, date)
      header.add32(sum, packed, bytes)
      header.add16(name.count, 0, 0, 0, 0)
      header.add32(attributes, offset)
      return header.bytes + name
    }
  }
}

/// Numbers as bytes, low byte first.
struct ZipBytes {
  private(set) var bytes: [UInt8] = []

  mutating func add16(_ numbers: Int...) { for number in numbers { add(number, count: 2) } }

  mutating func add32(_ numbers: Int...) { for number in numbers { add(number, count: 4) } }

  private mutating func add(_ number: Int, count: Int) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }
}
