/// One line of an archive's list (APPNOTE 4.3.12), and what stands before the file itself
/// (APPNOTE 4.3.7), which has to say the same.
struct ZipHeader {
  static let signature = 0x0201_4B50
  static let length = 46
  static let localSignature = 0x0403_4B50
  static let localLength = 30
  static let descriptorSignature = 0x0807_4B50

  /// Sizes stand behind the packed bytes, not before them.
  static let hasDescriptor = 0x0008
  static let isUTF8 = 0x0800
  private static let isEncrypted = 0x2041
  /// Bits 1 and 2 say how hard the packer tried.
  private static let flagsKnown = 0x0006 | hasDescriptor | isUTF8 | isEncrypted

  let name: String
  let method: ZipEntry.Method
  let crc32: Int
  let compressedBytes: Int
  let bytes: Int
  /// Where the local header begins.
  let offset: Int
  /// Of the line with its name, extra fields and comment, in bytes.
  let lineLength: Int
  private let flags: Int
  private let nameBytes: [UInt8]

  var hasDescriptor: Bool { flags & Self.hasDescriptor != 0 }

  /// - Parameter place: where the line begins in the list.
  init(_ list: ZipRecord, at place: Int, depthMax: Int) throws(ZipProblem) {
    guard list.count - place >= Self.length, list.uint32(place) == Self.signature else {
      throw .malformed("the list of its files is shorter than it says")
    }
    let nameLength = list.uint16(place + 28)
    let extraLength = list.uint16(place + 30)
    lineLength = Self.length + nameLength + extraLength + list.uint16(place + 32)
    guard list.count - place >= lineLength else {
      throw .malformed("the list of its files is shorter than it says")
    }
    nameBytes = list.part(place + Self.length, nameLength)
    name = try ZipName.parse(nameBytes, depthMax: depthMax)
    flags = list.uint16(place + 8)
    crc32 = list.uint32(place + 16)
    compressedBytes = list.uint32(place + 20)
    bytes = list.uint32(place + 24)
    offset = list.uint32(place + 42)
    let extra = ZipRecord(bytes: list.part(place + Self.length + nameLength, extraLength))
    try Self.check(extra, nameBytes: nameBytes, name: name)
    guard ![compressedBytes, bytes, offset].contains(0xFFFF_FFFF) else { throw .zip64 }
    guard list.uint16(place + 34) == 0 else { throw .severalVolumes }
    method = try Self.method(list.uint16(place + 10), flags: flags, name: name)
    try Self.checkType(attributes: list.uint32(place + 38), name: name)
    try checkSizes()
  }

  private static func method(
    _ number: Int, flags: Int, name: String
  ) throws(ZipProblem) -> ZipEntry.Method {
    guard flags & isEncrypted == 0 else { throw .encrypted(name: name) }
    guard flags & ~flagsKnown == 0, let method = ZipEntry.Method(rawValue: number) else {
      throw .unknownMethod(name: name, method: number)
    }
    return method
  }

  /// The upper half is the mode of Unix, where the packer gave one (stat(2)); 0x10 is the folder of
  /// DOS. Readers go by either, or by the slash of the name: all have to agree.
  private static func checkType(attributes: Int, name: String) throws(ZipProblem) {
    let isFolder = name.hasSuffix("/")
    switch attributes >> 16 & 0xF000 {
    case 0: break
    case 0x8000 where !isFolder: break
    case 0x4000 where isFolder: break
    case 0x8000, 0x4000: throw .malformedEntry(name: name, what: "it is a file and a folder")
    default: throw .notAFile(name: name)
    }
    guard attributes & 0x10 == 0 || isFolder else {
      throw .malformedEntry(name: name, what: "it is a file and a folder")
    }
  }

  private func checkSizes() throws(ZipProblem) {
    guard method == .deflated || compressedBytes == bytes else {
      throw .malformedEntry(name: name, what: "it is not packed and has two lengths")
    }
    // Nothing, deflated, is two bytes.
    guard !name.hasSuffix("/") || bytes == 0 && compressedBytes <= 2 else {
      throw .malformedEntry(name: name, what: "it is a folder with content")
    }
  }

  /// Refuses extra fields (APPNOTE 4.5) that change what an entry is.
  private static func check(
    _ extra: ZipRecord, nameBytes: [UInt8], name: String
  ) throws(ZipProblem) {
    var place = 0
    while place < extra.count {
      let length = extra.uint16(place + 2)
      guard extra.count - place >= 4 + length else {
        throw .malformedEntry(name: name, what: "its extra fields are cut off")
      }
      switch extra.uint16(place) {
      case 0x0001: throw .zip64
      case 0x9901: throw .encrypted(name: name)
      // Two kinds of Unix fields that can hold the target of a link, or a device.
      case 0x000D where length > 12, 0x756E: throw .notAFile(name: name)
      case 0x7075 where extra.part(place + 9, max(0, length - 5)) != nameBytes:
        throw .malformedEntry(name: name, what: "it has a second name")
      default: break
      }
      place += 4 + length
    }
  }

  /// Reads the local header and what it says; gives where the packed bytes begin.
  func start(in source: ZipSource) throws(ZipProblem) -> Int {
    guard offset + Self.localLength <= source.byteCount else { throw contradiction }
    let local = try source.record(at: offset, count: Self.localLength)
    let (nameLength, extraLength) = (local.uint16(26), local.uint16(28))
    let start = offset + Self.localLength + nameLength + extraLength
    guard local.uint32(0) == Self.localSignature, local.uint16(6) == flags,
      local.uint16(8) == method.rawValue, nameLength == nameBytes.count,
      start + compressedBytes <= source.byteCount
    else { throw contradiction }
    let rest = try source.record(
      at: offset + Self.localLength, count: nameLength + extraLength)
    guard rest.part(0, nameLength) == nameBytes else { throw contradiction }
    let extra = ZipRecord(bytes: rest.part(nameLength, extraLength))
    try Self.check(extra, nameBytes: nameBytes, name: name)
    let stated = [local.uint32(14), local.uint32(18), local.uint32(22)]
    for (here, there) in zip(stated, [crc32, compressedBytes, bytes]) {
      guard here == there || hasDescriptor && here == 0 else { throw contradiction }
    }
    return start
  }

  /// The end of the packed bytes with what follows them, which has to say the same again
  /// (APPNOTE 4.3.9). Its signature may be left out.
  func end(from start: Int, next: Int, in source: ZipSource) throws(ZipProblem) -> Int {
    let end = start + compressedBytes
    guard hasDescriptor else { return end }
    let length = next - end
    guard length == 12 || length == 16 else { throw contradiction }
    let record = try source.record(at: end, count: length)
    guard length == 12 || record.uint32(0) == Self.descriptorSignature,
      record.uint32(length - 12) == crc32, record.uint32(length - 8) == compressedBytes,
      record.uint32(length - 4) == bytes
    else { throw contradiction }
    return next
  }

  private var contradiction: ZipProblem {
    .malformedEntry(name: name, what: "the list and the file itself say different things")
  }
}
