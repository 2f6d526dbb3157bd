import ChildProcess
import Foundation
import Glibc
import Testing

@testable import Zip

struct ZipArchiveTests {
  @Test func `stored files and folders are read`() throws {
    let archive = try open(
      RawZip(RawEntry("a/"), RawEntry("a/b.txt", [1, 2, 3]), RawEntry("é.css")).bytes)
    #expect(archive.entries.map(\.name) == ["a/", "a/b.txt", "é.css"])
    #expect(archive.entries.map(\.isFolder) == [true, false, false])
    #expect(archive.entries.map(\.bytes) == [0, 3, 0])
    #expect(archive.entries.map(\.compressedBytes) == [0, 3, 0])
    #expect(archive.entries[1].crc32 == 0x55BC_801D)
    #expect(try archive.contents(of: archive.entries[1], bytesMax: 3) == [1, 2, 3])
    #expect(try archive.contents(of: archive.entries[2], bytesMax: 0) == [])
  }

  @Test func `an empty archive has no entries`() throws {
    #expect(try open(RawZip().bytes).entries == [])
  }

  @Test(arguments: [true, false])
  func `APPNOTE 4.3.9: sizes may stand behind the file`(hasSignature: Bool) throws {
    let entry = RawEntry("a", [1, 2, 3]).withDescriptor(hasSignature: hasSignature)
    let archive = try open(RawZip(entry, RawEntry("b", [4])).bytes)
    let contents = try archive.entries.map { try archive.contents(of: $0, bytesMax: 9) }
    #expect(contents == [[1, 2, 3], [4]])
  }

  @Test func `a comment at the end is passed over, also one that looks like an end`() throws {
    for comment in [
      Array("5c0ffee".utf8), Array("PK\u{5}\u{6}".utf8), .init(repeating: 7, count: 65_535),
    ] {
      var zip = RawZip(RawEntry("a", [1]))
      zip.comment = comment
      #expect(try open(zip.bytes).entries.map(\.name) == ["a"])
    }
  }

  @Test func `the list may be in another order than the files`() throws {
    let (first, second) = (RawEntry("a", [1]), RawEntry("b", [2, 3]))
    var zip = RawZip(first, second)
    zip.entries = [
      first.with { $0.offset = 0 }, second.with { $0.offset = first.local.count },
    ]
    let ordered = zip.bytes
    let list = second.central(at: first.local.count) + first.central(at: 0)
    let start = first.local.count + second.local.count
    let bytes = ordered[..<start] + list + ordered[(start + list.count)...]
    let archive = try open(Array(bytes))
    #expect(archive.entries.map(\.name) == ["b", "a"])
    #expect(try archive.contents(of: archive.entries[0], bytesMax: 2) == [2, 3])
  }

  @Test func `an archive within another file is read by its range alone`() throws {
    let bytes = RawZip(RawEntry("a", [1])).bytes
    let file = try #require(tmpfile())
    defer { fclose(file) }
    let all = [9, 9, 9] + bytes + [9, 9]
    fwrite(all, 1, all.count, file)
    fflush(file)
    let archive = try ZipArchive(descriptor: fileno(file), range: 3..<3 + bytes.count)
    #expect(try archive.contents(of: archive.entries[0], bytesMax: 1) == [1])
    #expect(throws: ZipProblem.notAnArchive) {
      try ZipArchive(descriptor: fileno(file), range: 3..<all.count)
    }
    for range in [0..<0, -5..<3, 3..<Int.max, all.count..<all.count + 100] {
      #expect(throws: ZipProblem.self) {
        try ZipArchive(descriptor: fileno(file), range: range)
      }
    }
  }

  @Test func `a path is opened; a folder, a missing file and a bad descriptor are refused`() throws
  {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try Data(RawZip(RawEntry("a", [1])).bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try ZipArchive(path: path).entries.map(\.name) == ["a"])
    #expect(throws: ZipProblem.notAnArchive) { try ZipArchive(path: "/dev/null") }
    #expect(throws: ZipProblem.notAnArchive) { try ZipArchive(path: "/") }
    #expect(throws: ZipProblem.unreadable(number: ENOENT)) { try ZipArchive(path: path + "x") }
    #expect(throws: ZipProblem.unreadable(number: EBADF)) {
      try ZipArchive(descriptor: -1, range: 0..<10)
    }
  }

  @Test func `a file that is larger than asked for is not unpacked`() throws {
    let archive = try open(RawZip(RawEntry("a", [1, 2])).bytes)
    #expect(throws: ZipProblem.entryTooLarge(name: "a", bytesMax: 1)) {
      try archive.contents(of: archive.entries[0], bytesMax: 1)
    }
  }

  @Test func `what a sink throws ends the reading`() throws {
    struct Enough: Error {}
    let archive = try open(packed([("a", .init(repeating: 1, count: 200_000))]))
    var pieces = 0
    #expect(throws: Enough.self) {
      try archive.read(archive.entries[0]) { _ in
        pieces += 1
        throw Enough()
      }
    }
    #expect(pieces == 1)
  }

  @Test func `Python's archives are read, and Python reads ours`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let ours = try packed([
      ("a/", []), ("a/b", Array("bb".utf8)), ("é", .init(repeating: 7, count: 99)),
    ])
    try Data(ours).write(to: folder.appendingPathComponent("ours.zip"))
    let said = try python(
      """
      import sys, zipfile
      with zipfile.ZipFile(sys.argv[1] + "/ours.zip") as archive:
          print(archive.testzip(), archive.namelist(), archive.read("a/b"), sum(archive.read("é")))
      with zipfile.ZipFile(sys.argv[1] + "/theirs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
          archive.mkdir("t")
          archive.writestr("t/index.hbs", "{{body}}" * 1000)
          with archive.open(zipfile.ZipInfo("t/streamed"), "w") as file: file.write(b"x")
          archive.comment = b"5c0ffee"
      """, folder.path)
    #expect(said == "None ['a/', 'a/b', 'é'] b'bb' 693\n")
    let archive = try ZipArchive(path: folder.path + "/theirs.zip")
    #expect(archive.entries.map(\.name) == ["t/", "t/index.hbs", "t/streamed"])
    let text = try archive.contents(of: archive.entries[1], bytesMax: 8_000)
    #expect(text == Array(String(repeating: "{{body}}", count: 1_000).utf8))
  }

  private func python(_ script: String, _ argument: String) throws -> String {
    try ChildProcess(["python3", "-c", script, argument], complaints: .inOutput).finish().said
  }
}
