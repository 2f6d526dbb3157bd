import FoundationEssentials
import Glibc
import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// Answers whose content is a file.
@Suite(.serialized)
struct FileAnswerTests {
  /// A file with a pattern in it; removed by the test.
  private func file(_ count: Int) throws -> String {
    let path = TemporaryFolder.path + "/answer-\(UInt64.random(in: 0..<UInt64.max))"
    try Data(pattern(count)).write(to: URL(filePath: path))
    return path
  }

  private func serving(_ path: String, limits: Limits = .patient) throws -> Serving {
    try Serving(limits: limits) { _ in
      var response = Response(headers: [.contentType: "application/zip"])
      response.file = try? ResponseFile(path: path)
      return response
    }
  }

  private let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

  @Test(arguments: [0, 1, 99, 100, 101, 1_000, 300_000])
  func `a file is sent whole, block by block, and the connection stays`(count: Int) async throws {
    let path = try file(count)
    var limits = Limits.patient
    limits.uploadBlockBytes = count > 1_000 ? 65_536 : 100
    let serving = try serving(path, limits: limits)
    let client = try Client(port: serving.port)
    for _ in 0..<2 {
      client.send(request)
      let answer = try await client.answer()
      #expect(answer.fields["content-length"] == "\(count)")
      #expect(answer.body == pattern(count))
    }
    client.close()
    await serving.stop()
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func `HEAD has the length and no content`() async throws {
    let path = try file(500)
    let serving = try serving(path)
    let client = try Client(port: serving.port)
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    let text = try await client.rest()
    #expect(text.contains("Content-Length: 500\r\n"))
    #expect(text.hasSuffix("\r\n\r\n"))
    await serving.stop()
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func `a file that has become shorter is cut off, not filled up`() async throws {
    let path = try file(300_000)
    let serving = try Serving(limits: .patient) { _ in
      var response = Response()
      response.file = try? ResponseFile(path: path)
      truncate(path, 1_000)
      return response
    }
    let client = try Client(port: serving.port)
    client.send(request)
    let text = try await client.rest()
    #expect(text.contains("Content-Length: 300000\r\n"))
    #expect(text.utf8.count < 10_000)
    try await serving.becomesIdle()
    await serving.stop()
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func `a client that goes away meanwhile leaves no descriptor`() async throws {
    let path = try file(1)
    // More than the kernel holds for a reader that does not read; holes take no room on the disk.
    try #require(truncate(path, 1_000_000_000) == 0)
    let serving = try serving(path)
    let client = try Client(port: serving.port)
    client.send(request)
    try await eventually { openFiles(path) == 1 }
    client.reset()
    try await serving.becomesIdle()
    try await eventually { openFiles(path) == 0 }
    await serving.stop()
    try FileManager.default.removeItem(atPath: path)
  }

  private func openFiles(_ path: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.count { name in
      let place = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/\(name)")
      return place == path
    }
  }

  @Test func `no file, a folder and a link are no files to send`() throws {
    let path = try file(1)
    symlink(path, path + ".link")
    for wrong in [path + ".none", TemporaryFolder.path, path + ".link"] {
      #expect(throws: BodyFileProblem.self) { try ResponseFile(path: wrong) }
    }
    for each in [path, path + ".link"] { try FileManager.default.removeItem(atPath: each) }
  }
}
