import Testing

@testable import Zip

/// Archives that are cut off, flipped, or made to fill memory and disks.
struct ZipDamageTests {
  private let zeros = [UInt8](repeating: 0, count: 3_145_728)

  private func small() throws -> [UInt8] {
    let text = Array(String(repeating: "{{body}} ", count: 20).utf8)
    return try packed([("a/", []), ("a/b.hbs", text), ("a/c", [])])
  }

  @Test func `an archive cut off anywhere is refused`() throws {
    for bytes in [try small(), RawZip(RawEntry("a", [1]), RawEntry("b").withDescriptor()).bytes] {
      for length in 0..<bytes.count {
        #expect(try problem(Array(bytes[..<length])) != nil, "\(length) bytes")
      }
    }
  }

  @Test func `an archive that begins late is refused`() throws {
    let bytes = try small()
    for start in 1..<bytes.count {
      #expect(try problem(Array(bytes[start...])) != nil, "from \(start)")
    }
  }

  @Test func `a flipped bit is refused, or changes nothing that is read`() throws {
    let stored = RawZip(RawEntry("a/"), RawEntry("a/b", [1, 2, 3]).withDescriptor()).bytes
    for bytes in [try small(), stored] {
      let whole = try summary(bytes)
      for bit in 0..<bytes.count * 8 {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << (bit % 8)
        do {
          #expect(try summary(flipped) == whole, "bit \(bit)")
        } catch let problem as ZipProblem {
          #expect(problem.description.hasSuffix("."))
        }
      }
    }
  }

  /// Everything that is read of an archive.
  private func summary(_ bytes: [UInt8]) throws -> [String] {
    let archive = try open(bytes)
    return try archive.entries.map {
      "\($0.name) \(try archive.contents(of: $0, bytesMax: 1_000_000))"
    }
  }

  @Test(arguments: [
    0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFE, 0xFFFF_FFFF,
  ])
  func `numbers at the edges of 31 and 32 bits are refused`(number: Int) throws {
    let file = RawEntry("a", [1, 2, 3])
    let changes: [(inout RawEntry) -> Void] = [
      { $0.bytes = number }, { $0.packed = number }, { $0.offset = number },
      { ($0.bytes, $0.packed) = (number, number) },
      { ($0.bytes, $0.packed, $0.method) = (number, number, 8) },
      { $0.localBytes = number }, { $0.localPacked = number },
    ]
    for change in changes { #expect(try problem(RawZip(file.with(change)).bytes) != nil) }
    let ends: [(inout RawZip) -> Void] = [{ $0.listStart = number }, { $0.listBytes = number }]
    for change in ends {
      var zip = RawZip(file)
      change(&zip)
      #expect(try problem(zip.bytes) != nil)
    }
    var limits = ZipLimits()
    (limits.entryBytesMax, limits.totalBytesMax, limits.ratioMax) = (.max, .max, .max)
    let deflated = file.with { ($0.bytes, $0.method) = (number, 8) }
    #expect(try problem(RawZip(deflated).bytes, limits: limits) != nil)
  }

  @Test func `what is far smaller packed than unpacked is refused, each and all together`() throws {
    #expect(try problem(packed([("a", zeros)])) == .bomb(ratioMax: 100))
    let parts = (0..<4).map { ("\($0)", Array(zeros[..<1_000_000])) }
    #expect(try problem(packed(parts)) == .bomb(ratioMax: 100))
    #expect(try problem(packed([parts[0]])) == nil)
    var limits = ZipLimits()
    limits.ratioMax = 2_000
    #expect(try problem(packed([("a", zeros)]), limits: limits) == nil)
  }

  @Test func `a file that unpacks to more than it says is stopped there`() throws {
    let honest = try packed([("a", zeros)])
    let (whole, stated) = (zeros.count, 1_000_000)
    let lying = replacing(whole, by: stated, in: honest)
    let archive = try open(lying)
    var received = 0
    #expect(throws: ZipProblem.damaged(name: "a")) {
      try archive.read(archive.entries[0]) { received += $0.count }
    }
    #expect(received <= stated)
  }

  @Test func `a file that unpacks to less than it says is refused`() throws {
    let lying = replacing(5, by: 6, in: try packed([("a", [1, 2, 3, 4, 5])]))
    #expect(try problem(lying) == .damaged(name: "a"))
  }

  @Test func `a file that is not what it was is refused`() throws {
    #expect(
      try problem(RawZip(RawEntry("a", [1]).with { $0.content = [2] }).bytes)
        == .damaged(name: "a"))
    let notDeflate = RawEntry("a", [255, 255]).with { ($0.method, $0.bytes) = (8, 9) }
    #expect(try problem(RawZip(notDeflate).bytes) == .damaged(name: "a"))
    // Nothing, deflated, with a byte behind it.
    let longer = RawEntry("a", [3, 0, 0]).with { ($0.method, $0.bytes, $0.crc32) = (8, 0, 0) }
    #expect(try problem(RawZip(longer).bytes) == .damaged(name: "a"))
    let right = RawEntry("a", [3, 0]).with { ($0.method, $0.bytes, $0.crc32) = (8, 0, 0) }
    #expect(try problem(RawZip(right).bytes) == nil)
    let empty = RawEntry("a").with { $0.method = 8 }
    #expect(try problem(RawZip(empty).bytes) == .damaged(name: "a"))
  }

  @Test func `what is past a limit is refused before it is unpacked, what is at it is read`() throws
  {
    let bytes = try packed([("a", [1, 2, 3]), ("b", [4, 5])])
    let changes: [((inout ZipLimits, Int) -> Void, Int, ZipProblem)] = [
      ({ $0.archiveBytesMax = $1 }, bytes.count, .archiveTooLarge(bytesMax: bytes.count - 1)),
      ({ $0.entriesMax = $1 }, 2, .tooManyEntries(max: 1)),
      ({ $0.entryBytesMax = $1 }, 3, .entryTooLarge(name: "a", bytesMax: 2)),
      ({ $0.totalBytesMax = $1 }, 5, .totalTooLarge(bytesMax: 4)),
      ({ $0.directoryBytesMax = $1 }, 94, .malformed("the list of its files is too long")),
    ]
    for (change, value, expected) in changes {
      var limits = ZipLimits()
      change(&limits, value)
      #expect(try problem(bytes, limits: limits) == nil)
      change(&limits, value - 1)
      #expect(try problem(bytes, limits: limits) == expected)
    }
  }

  @Test func `an archive that says it has 65,534 entries is refused by its end alone`() throws {
    var zip = RawZip(RawEntry("a"))
    zip.count = 65_534
    #expect(try problem(zip.bytes) == .tooManyEntries(max: 10_000))
  }

  @Test func `ten thousand files are read`() throws {
    let bytes = try packed((0..<10_000).map { ("folder/\($0)", []) })
    #expect(try open(bytes).entries.count == 10_000)
  }

  /// An archive of one file whose length is another in all places where it stands.
  private func replacing(_ length: Int, by other: Int, in archive: [UInt8]) -> [UInt8] {
    var (from, to) = (ZipBytes(), ZipBytes())
    from.add32(length)
    to.add32(other)
    return archive.replacing(from.bytes, with: to.bytes)
  }
}
