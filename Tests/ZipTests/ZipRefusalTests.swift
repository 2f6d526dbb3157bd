import Testing

@testable import Zip

/// Archives that are refused: what two programs could unpack differently, or outside the folder.
struct ZipRefusalTests {
  private func refusal(_ entries: RawEntry..., of change: (inout RawZip) -> Void = { _ in })
    throws -> ZipProblem?
  {
    var zip = RawZip()
    zip.entries = entries
    change(&zip)
    return try problem(zip.bytes)
  }

  private let file = RawEntry("a", [1, 2, 3])

  /// The problem of the file with one thing changed.
  private func refusal(of change: (inout RawEntry) -> Void) throws -> ZipProblem? {
    try refusal(file.with(change))
  }

  private var contradiction: ZipProblem {
    .malformedEntry(name: "a", what: "the list and the file itself say different things")
  }

  @Test(arguments: [
    "/etc/passwd", "/", "..", "../a", "a/../b", "a/..", "./a", "a/./b", "a//b", "//a", "a\\b",
    "..\\a", "C:\\a", "C:a", "c:/a", "a\u{0}b", "a\nb", "\u{7F}", "a\u{85}b", "a\u{202E}b",
    "a\u{2066}b", "a\u{200B}", "\u{FEFF}a", "a\u{2028}b", "", String(repeating: "a", count: 254),
    String(repeating: "a/", count: 16) + "b",
  ])
  func `names that lead out, deceive or are too long are refused`(name: String) throws {
    guard case .badName = try refusal(RawEntry(name)) else {
      Issue.record("\(name.debugDescription) is accepted")
      return
    }
  }

  @Test(arguments: [[0xFF], [0xC0, 0xAE, 0xC0, 0xAE], [0xED, 0xA0, 0x80], [0x61, 0x80]])
  func `names that are not UTF-8 are refused`(name: [UInt8]) throws {
    guard case .badName(_, "is not UTF-8") = try refusal(RawEntry(name)) else {
      Issue.record("\(name) is accepted")
      return
    }
  }

  @Test(arguments: [
    "a", "..a", "a..", "...", ".a", "a/.b/c", "é", "a b", "aa:b/c:d",
    String(repeating: "a", count: 253),
    String(repeating: "a/", count: 15) + "b",
  ])
  func `names that are the same everywhere are taken`(name: String) throws {
    #expect(try refusal(RawEntry(name)) == nil)
  }

  @Test(arguments: [
    ["a", "a"], ["a", "A"], ["a/b", "A/c"], ["a/b", "A/b"], ["a", "a/b"], ["a/b", "a"],
    ["a/", "a"], ["a", "a/"], ["a/", "a/"], ["A", "a/b"], ["é", "e\u{301}"], ["É", "é"],
    ["ß", "SS"], ["a/b/c", "a/B"], ["\u{212A}", "k"], ["e\u{301}/a", "é/b"], ["a/b/", "a/B/"],
  ])
  func `names that are one on some systems are refused`(names: [String]) throws {
    let problem = try refusal(RawEntry(names[0]), RawEntry(names[1]))
    guard case .sameName = problem else {
      Issue.record("\(names) \(problem.map { "\($0)" } ?? "accepted")")
      return
    }
  }

  @Test func `folders may be named before, after, or not at all`() throws {
    #expect(
      try refusal(RawEntry("a/"), RawEntry("a/b"), RawEntry("a/c/d"), RawEntry("a/c/")) == nil)
  }

  @Test(arguments: [0xA000, 0x6000, 0x2000, 0x1000, 0xC000, 0xF000])
  func `links, devices, pipes and sockets are refused`(type: Int) throws {
    #expect(try refusal { $0.attributes = (type | 0o777) << 16 } == .notAFile(name: "a"))
    let target: [UInt8] = .init(repeating: 0, count: 12) + Array("/etc".utf8)
    #expect(try refusal { $0.extra = [0x0D, 0, 16, 0] + target } == .notAFile(name: "a"))
    #expect(try refusal { $0.localExtra = [0x6E, 0x75, 16, 0] + target } == .notAFile(name: "a"))
  }

  @Test func `what is a file by one sign and a folder by another is refused`() throws {
    let both = ZipProblem.malformedEntry(name: "a", what: "it is a file and a folder")
    #expect(try refusal { $0.attributes = 0x4000 << 16 } == both)
    #expect(try refusal { $0.attributes = 0x10 } == both)
    #expect(try refusal { $0.attributes = 0x8000 << 16 } == nil)
    #expect(
      try refusal(RawEntry("a/").with { $0.attributes = 0x8000 << 16 })
        == .malformedEntry(name: "a/", what: "it is a file and a folder"))
    #expect(try refusal(RawEntry("a/").with { $0.attributes = 0x4000 << 16 | 0x10 }) == nil)
    #expect(
      try refusal(RawEntry("a/", [1]))
        == .malformedEntry(name: "a/", what: "it is a folder with content"))
  }

  @Test(arguments: [0x0001, 0x0040, 0x2000])
  func `encrypted files are refused`(flag: Int) throws {
    #expect(try refusal { $0.flags = flag } == .encrypted(name: "a"))
    #expect(try refusal { $0.extra = [0x01, 0x99, 0, 0] } == .encrypted(name: "a"))
  }

  @Test(arguments: [1, 6, 9, 12, 14, 93, 95, 98, 99, 65_535])
  func `methods but stored and deflated are refused`(method: Int) throws {
    #expect(try refusal { $0.method = method } == .unknownMethod(name: "a", method: method))
  }

  @Test func `flags that change the content are refused`() throws {
    for flag in [0x0010, 0x0020, 0x0080, 0x1000, 0x8000] {
      #expect(try refusal { $0.flags = flag } == .unknownMethod(name: "a", method: 0))
    }
  }

  @Test func `archives in the Zip64 format are refused`() throws {
    #expect(try refusal { $0.extra = [1, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0] } == .zip64)
    #expect(try refusal { $0.localExtra = [1, 0, 0, 0] } == .zip64)
    #expect(try refusal { $0.packed = 0xFFFF_FFFF } == .zip64)
    #expect(try refusal { $0.bytes = 0xFFFF_FFFF } == .zip64)
    #expect(try refusal { $0.offset = 0xFFFF_FFFF } == .zip64)
    #expect(try refusal(file) { $0.count = 0xFFFF } == .zip64)
    #expect(try refusal(file) { $0.listStart = 0xFFFF_FFFF } == .zip64)
    #expect(try refusal(file) { $0.listBytes = 0xFFFF_FFFF } == .zip64)
    let locator = Array("PK\u{6}\u{7}".utf8) + [UInt8](repeating: 0, count: 16)
    #expect(try refusal(file) { $0.beforeEnd = locator } == .zip64)
  }

  @Test func `one of several volumes is refused`() throws {
    #expect(try refusal(file) { $0.volume = 1 } == .severalVolumes)
    #expect(try refusal(file) { $0.countHere = 0 } == .severalVolumes)
    #expect(try refusal { $0.volume = 1 } == .severalVolumes)
  }

  @Test func `what the list says and what the file says has to be the same`() throws {
    #expect(try refusal { $0.localName = [98] } == contradiction)
    #expect(try refusal { $0.localName = [97, 97] } == contradiction)
    #expect(try refusal { $0.localMethod = 8 } == contradiction)
    #expect(try refusal { $0.localFlags = 0x0800 } == contradiction)
    #expect(try refusal { $0.localCRC32 = 0 } == contradiction)
    #expect(try refusal { $0.localPacked = 2 } == contradiction)
    #expect(try refusal { $0.localBytes = 0 } == contradiction)
    let behind = file.withDescriptor()
    #expect(try refusal(behind.with { $0.localPacked = 2 }) == contradiction)
    for index in behind.descriptor.indices {
      #expect(try refusal(behind.with { $0.descriptor[index] ^= 1 }) == contradiction)
    }
    #expect(try refusal(behind.with { $0.descriptor = [] }) == contradiction)
    #expect(try refusal(behind.with { $0.descriptor.append(0) }) == contradiction)
  }

  @Test func `a second name in an extra field is refused, the same name is not`() throws {
    let head: [UInt8] = [0x75, 0x70, 6, 0, 1, 0, 0, 0, 0]
    #expect(
      try refusal { $0.extra = head + [98] }
        == .malformedEntry(name: "a", what: "it has a second name"))
    #expect(try refusal { $0.extra = head + [97] } == nil)
    for cut: [UInt8] in [[0], [9, 9, 1], [9, 9, 1, 0], [9, 9, 255, 255, 0]] {
      #expect(
        try refusal { $0.extra = cut }
          == .malformedEntry(name: "a", what: "its extra fields are cut off"))
    }
  }

  @Test func `bytes that belong to no file are refused`() throws {
    #expect(try refusal(file) { $0.before = [0] } == .hiddenBytes)
    #expect(try refusal(file, RawEntry("b")) { $0.between = [0] } == .hiddenBytes)
    #expect(try refusal(file) { $0.beforeList = [0] } == .hiddenBytes)
    #expect(try refusal(file) { $0.after = [0] } == .notAnArchive)
    let place = ZipProblem.malformed("the list of its files is not where it has to be")
    #expect(try refusal(file) { $0.beforeEnd = [0] } == place)
    #expect(try refusal(file) { $0.listStart = 0 } == place)
    // Everything is moved, as in a program that unpacks itself: the places in the list are not.
    #expect(try refusal(file.with { $0.offset = 0 }) { $0.before = [0] } != nil)
  }

  @Test func `two ends, or a list that is longer or shorter than it says, are refused`() throws {
    #expect(
      try refusal(file) { $0.comment = RawZip().bytes } == .malformed("it has two ends"))
    #expect(
      try refusal(file, RawEntry("b")) { $0.count = 1 }
        == .malformed("the list of its files is longer than it says"))
    #expect(
      try refusal(file) { $0.count = 2 }
        == .malformed("the list of its files is shorter than it says"))
  }

  @Test func `files that share bytes are refused`() throws {
    #expect(
      try refusal(
        file,
        file.with {
          $0.name = [98]; $0.offset = 0
        }) != nil)
    // The whole second file within the first.
    let inner = RawEntry("b", [7])
    let outer = RawEntry("a", inner.local)
    var zip = RawZip(outer, inner.with { $0.offset = outer.local.count - inner.local.count })
    zip.entries[0] = outer
    let bytes = zip.bytes
    #expect(try problem(bytes) == .overlap(name: "a"))
  }

  @Test func `every sentence ends, shows no control character, and says what to do`() {
    let name = "a\u{202E}\n" + String(repeating: "b", count: 300)
    let problems: [ZipProblem] = [
      .notAnArchive, .malformed("x"), .malformedEntry(name: name, what: "x"), .zip64,
      .severalVolumes, .encrypted(name: name), .unknownMethod(name: name, method: 9),
      .notAFile(name: name), .badName(name: name, why: "x"), .sameName(name: name, other: name),
      .overlap(name: name), .hiddenBytes, .tooManyEntries(max: 1), .archiveTooLarge(bytesMax: 1),
      .entryTooLarge(name: name, bytesMax: 1), .totalTooLarge(bytesMax: 1), .bomb(ratioMax: 1),
      .damaged(name: name), .unreadable(number: 5), .unwritable(number: 28),
    ]
    for problem in problems {
      let text = problem.description
      #expect(text.hasSuffix("."))
      #expect(!text.unicodeScalars.contains(where: ZipName.isInvisible))
      #expect(text.count < 300)
    }
  }
}
