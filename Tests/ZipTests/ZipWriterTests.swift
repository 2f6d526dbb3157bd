import FoundationEssentials
import Glibc
import Testing

@testable import Zip

struct ZipWriterTests {
  private func contents(_ bytes: [UInt8]) throws -> [String: [UInt8]] {
    let archive = try open(bytes)
    return Dictionary(
      uniqueKeysWithValues: try archive.entries.map {
        ($0.name, try archive.contents(of: $0, bytesMax: 10_000_000))
      })
  }

  @Test func `what is written is read again, in its order`() throws {
    let large = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    let files = [("b/", []), ("b/é", [1]), ("a", large), ("empty", [])]
    let bytes = try packed(files)
    #expect(try open(bytes).entries.map(\.name) == files.map(\.0))
    let read = try contents(bytes)
    for (name, content) in files { #expect(read[name] == content, "\(name)") }
    #expect(bytes.count < large.count)
  }

  @Test func `the same files make the same bytes, however their pieces came`() throws {
    let content = [UInt8](repeating: 7, count: 100_000)
    var bytes: [UInt8] = []
    let writer = ZipWriter { bytes.append(contentsOf: $0) }
    try writer.addFile("a") { sink in
      for start in stride(from: 0, to: content.count, by: 999) {
        try content[start..<min(start + 999, content.count)].withUnsafeBytes(sink)
      }
    }
    try writer.finish()
    #expect(try bytes == packed([("a", content)]))
  }

  @Test func `a name that would be refused is not written`() throws {
    let writer = ZipWriter { _ in }
    try writer.addFile("a", [])
    for name in ["../a", "/a", "a\\b", "", "a\u{0}", "A", "a/b", "a"] {
      #expect(throws: ZipProblem.self) { try writer.addFile(name, []) }
    }
    #expect(throws: ZipProblem.self) { try writer.addFile("b/", []) }
    #expect(throws: ZipProblem.self) { try writer.addFolder("b") }
  }

  @Test func `a folder of one archive becomes the root of another`() throws {
    let archive = try open(
      packed([("x/", []), ("x/index.hbs", [1, 2]), ("x/assets/a.css", [3]), ("y", [4])]))
    var bytes: [UInt8] = []
    let writer = ZipWriter { bytes.append(contentsOf: $0) }
    for entry in archive.entries where entry.name.hasPrefix("x/") && !entry.isFolder {
      try writer.addFile(String(entry.name.dropFirst(2))) { sink in
        try archive.read(entry, into: sink)
      }
    }
    try writer.finish()
    #expect(try contents(bytes) == ["index.hbs": [1, 2], "assets/a.css": [3]])
  }

  @Test func `what the archive's taker throws is thrown`() throws {
    let full = ZipProblem.unwritable(number: ENOSPC)
    let writer = ZipWriter { _ in throw full }
    #expect(throws: full) { try writer.addFile("a", [1]) }
    #expect(throws: full) { try writer.finish() }
  }

  @Test func `64 MiB are packed again while memory grows by less than 8 MiB`() async {
    // In a process of its own, since the memory is the process's.
    await #expect(processExitsWith: .success) {
      let (first, second) = (try #require(tmpfile()), try #require(tmpfile()))
      let piece = (0..<65_536).map { _ in UInt8.random(in: 0...255) }
      let before = try #require(residentBytes())
      let writer = ZipWriter { try write($0, to: first) }
      try writer.addFile("x/a") { sink in
        for _ in 0..<1_000 { try piece.withUnsafeBytes(sink) }
      }
      try writer.finish()
      try #require(fflush(first) == 0)
      let archive = try ZipArchive(descriptor: fileno(first), range: 0..<ftell(first))
      let again = ZipWriter { try write($0, to: second) }
      var largest = before
      try again.addFile("a") { sink in
        try archive.read(archive.entries[0]) { part in
          try sink(part)
          largest = max(largest, residentBytes() ?? .max)
        }
      }
      try again.finish()
      try #require(largest - before < 8_388_608, "memory grew by \(largest - before) bytes")
    }
  }
}

private func write(
  _ bytes: UnsafeRawBufferPointer, to file: UnsafeMutablePointer<FILE>
) throws {
  try #require(fwrite(bytes.baseAddress, 1, bytes.count, file) == bytes.count)
}

/// Resident memory of this process in bytes (proc(5), statm).
private func residentBytes() -> Int? {
  let statm = FileManager.default.contents(atPath: "/proc/self/statm") ?? Data()
  let pages = String(decoding: statm, as: UTF8.self).split(separator: " ").dropFirst().first
  return pages.flatMap { Int($0) }.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
}
