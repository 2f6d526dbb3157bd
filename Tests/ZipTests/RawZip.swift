import Glibc
import Testing

@testable import Zip

/// An entry written by hand, right unless something of it is changed.
struct RawEntry {
  var name: [UInt8]
  var content: [UInt8]
  var method = 0
  var flags = 0
  var attributes = 0
  var crc32: Int
  var packed: Int
  var bytes: Int
  var extra: [UInt8] = []
  var volume = 0
  /// Where the list says it is; nil for where it is.
  var offset: Int?

  // What stands before the file; nil for the same as in the list.
  var localName: [UInt8]?
  var localMethod: Int?
  var localFlags: Int?
  var localCRC32: Int?
  var localPacked: Int?
  var localBytes: Int?
  var localExtra: [UInt8] = []
  /// What follows the file.
  var descriptor: [UInt8] = []

  /// A stored file, or a folder.
  init(_ name: String, _ content: [UInt8] = []) {
    self.init(Array(name.utf8), content)
  }

  init(_ name: [UInt8], _ content: [UInt8] = []) {
    self.name = name
    self.content = content
    crc32 = Self.crc32(of: content)
    packed = content.count
    bytes = content.count
  }

  func with(_ change: (inout RawEntry) -> Void) -> RawEntry {
    var entry = self
    change(&entry)
    return entry
  }

  /// With its sizes behind it.
  func withDescriptor(hasSignature: Bool = true) -> RawEntry {
    with { entry in
      entry.flags |= 8
      (entry.localCRC32, entry.localPacked, entry.localBytes) = (0, 0, 0)
      var descriptor = ZipBytes()
      if hasSignature { descriptor.add32(0x0807_4B50) }
      descriptor.add32(crc32, packed, bytes)
      entry.descriptor = descriptor.bytes
    }
  }

  var local: [UInt8] {
    var header = ZipBytes()
    header.add32(0x0403_4B50)
    header.add16(20, localFlags ?? flags, localMethod ?? method, 0, 33)
    header.add32(localCRC32 ?? crc32, localPacked ?? packed, localBytes ?? bytes)
    header.add16((localName ?? name).count, localExtra.count)
    return header.bytes + (localName ?? name) + localExtra + content + descriptor
  }

  func central(at place: Int) -> [UInt8] {
    var header = ZipBytes()
    header.add32(0x0201_4B50)
    header.add16(0x0314, 20, flags, method, 0, 33)
    header.add32(crc32, packed, bytes)
    header.add16(name.count, extra.count, 0, volume, 0)
    header.add32(attributes, offset ?? place)
    return header.bytes + name + extra
  }

  /// Bit by bit, from the polynomial: shares nothing with zlib.
  static func crc32(of bytes: [UInt8]) -> Int {
    var sum: UInt32 = .max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return Int(~sum)
  }
}

/// An archive written by hand.
struct RawZip {
  var entries: [RawEntry]
  var before: [UInt8] = []
  var between: [UInt8] = []
  var beforeList: [UInt8] = []
  var beforeEnd: [UInt8] = []
  var comment: [UInt8] = []
  var after: [UInt8] = []
  var volume = 0
  var countHere: Int?
  var count: Int?
  var listBytes: Int?
  var listStart: Int?

  init(_ entries: RawEntry...) { self.entries = entries }

  var bytes: [UInt8] {
    var all = before
    var list: [UInt8] = []
    for (index, entry) in entries.enumerated() {
      if index > 0 { all += between }
      list += entry.central(at: all.count)
      all += entry.local
    }
    all += beforeList
    let start = all.count
    all += list + beforeEnd
    var end = ZipBytes()
    end.add32(0x0605_4B50)
    end.add16(volume, volume, countHere ?? count ?? entries.count, count ?? entries.count)
    end.add32(listBytes ?? list.count, listStart ?? start)
    end.add16(comment.count)
    return all + end.bytes + comment + after
  }
}

/// Reads an archive from a file that is gone afterwards.
func open(_ bytes: [UInt8], limits: ZipLimits = ZipLimits()) throws -> ZipArchive {
  let file = try #require(tmpfile())
  defer { fclose(file) }
  try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  fflush(file)
  return try ZipArchive(descriptor: fileno(file), range: 0..<bytes.count, limits: limits)
}

/// Why an archive is refused, by its list or by what is in it; nil when all of it can be read.
func problem(_ bytes: [UInt8], limits: ZipLimits = ZipLimits()) throws -> ZipProblem? {
  do {
    let archive = try open(bytes, limits: limits)
    for entry in archive.entries { try archive.read(entry) { _ in } }
    return nil
  } catch let problem as ZipProblem {
    return problem
  }
}

/// An archive from our own writer.
func packed(_ files: [(String, [UInt8])]) throws -> [UInt8] {
  var bytes: [UInt8] = []
  let writer = ZipWriter { bytes.append(contentsOf: $0) }
  for (name, content) in files {
    if name.hasSuffix("/") { try writer.addFolder(name) } else { try writer.addFile(name, content) }
  }
  try writer.finish()
  return bytes
}
