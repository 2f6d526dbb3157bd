import FoundationEssentials
import Glibc
import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// Uploads that are broken off, slow, too many, or too much for the disk. One after the other,
/// since clients that send much block the few threads that tests run on.
@Suite(.serialized)
struct UploadFaultTests {
  private func head(_ length: Int) -> String {
    "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n"
  }

  @Test func `64 MiB pass through while memory grows by less than 32 MiB`() async {
    // In a process of its own, since the peak is the process's.
    await #expect(processExitsWith: .success) {
      let folder = try UploadFolder()
      let size = 67_108_864
      let serving = try Serving(uploads: folder.uploads()) { request in
        Response(body: Array("\(request.file?.byteCount ?? 0)".utf8))
      }
      let client = try Client(port: serving.port)
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      _ = try await client.answer()
      let part = pattern(65_536)
      let before = try #require(residentBytes())
      client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
      var largest = before
      for _ in 0..<size / part.count {
        client.send(part)
        largest = max(largest, residentBytes() ?? .max)
      }
      try #require(try await client.answer().text == "\(size)")
      largest = max(largest, residentBytes() ?? .max)
      try #require(largest - before < 33_554_432, "memory grew by \(largest - before) bytes")
      client.close()
      await serving.stop()
      folder.remove()
    }
  }

  @Test(arguments: [true, false])
  func `an upload broken off anywhere leaves no file, no descriptor and its slot`(
    isReset: Bool
  ) async throws {
    let folder = try UploadFolder()
    let handled = Locked(0)
    let serving = try Serving(uploads: folder.uploads()) { _ in
      handled.withLock { $0 += 1 }
      return Response()
    }
    let body = pattern(1_048_576)
    for sent in stride(from: 0, to: body.count, by: 65_536) {
      let client = try Client(port: serving.port)
      client.send(Array(head(body.count).utf8) + body[..<sent])
      if sent % 131_072 == 0 { try await eventually { folder.descriptorCount > 0 } }
      #expect(folder.names == [])
      if isReset { client.reset() } else { client.close() }
    }
    try await serving.becomesIdle()
    try await eventually { folder.descriptorCount == 0 }
    try await eventually { serving.settings.uploadCount.withLock { $0 } == 0 }
    #expect(folder.names == [])
    #expect(handled.withLock { $0 } == 0)
    await serving.stop()
    folder.remove()
  }

  @Test func `kill -9 within an upload leaves nothing in the folder`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let folder = try UploadFolder(named: "killed-\(getppid())")
      let serving = try Serving(uploads: folder.uploads())
      let client = try Client(port: serving.port)
      client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n")
      client.send(pattern(600_000))
      try await eventually { folder.descriptorCount == 1 }
      kill(getpid(), SIGKILL)
    }
    let folder = TemporaryFolder.path + "/uploads-killed-\(getpid())"
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `a block that does not come is answered 408`() async throws {
    let folder = try UploadFolder()
    var limits = Limits.patient
    limits.uploadBlockTimeoutMs = 50
    let serving = try Serving(limits: limits, uploads: folder.uploads())
    let client = try Client(port: serving.port)
    client.send(head(9) + "abc")
    #expect(try await client.answer().status == 408)
    #expect(try await client.rest() == "")
    try await eventually { folder.descriptorCount == 0 }
    await serving.stop()
    folder.remove()
  }

  @Test func `an upload that comes block by block but never ends is answered 408`() async throws {
    let folder = try UploadFolder()
    var limits = Limits.patient
    limits.uploadBlockBytes = 1
    limits.uploadTimeoutMs = 200
    let serving = try Serving(limits: limits, uploads: folder.uploads())
    let client = try Client(port: serving.port)
    client.send(head(1_000_000))
    async let answer = client.answer()
    for _ in 0..<3_000 where client.send([1]) { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try await answer.status == 408)
    client.close()
    await serving.stop()
    folder.remove()
  }

  @Test func `a file in use counts as an upload until it is let go`() async throws {
    let folder = try UploadFolder()
    var limits = Limits.patient
    limits.uploadsMax = 1
    let gate = Gate()
    let serving = try Serving(limits: limits, uploads: folder.uploads()) { request in
      await gate.wait()
      return summary(of: request)
    }
    let first = try Client(port: serving.port)
    first.send(head(1) + "a")
    try await eventually { gate.waitingCount == 1 }
    let second = try Client(port: serving.port)
    second.send(head(1) + "b")
    let refusal = try await second.answer()
    #expect(refusal.status == 503)
    #expect(refusal.text == "Other uploads are under way. Try again in a minute.\n")
    gate.open()
    #expect(try await first.answer().status == 200)
    try await eventually { serving.settings.uploadCount.withLock { $0 } == 0 }
    first.send(head(1) + "c")
    #expect(try await first.answer().status == 200)
    for client in [first, second] { client.close() }
    await serving.stop()
    folder.remove()
  }

  @Test func `a full disk is answered 507, and the next upload that fits is taken`() async {
    // In a process of its own: the largest file it may write is the process's.
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 300_000, rlim_max: 300_000)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let folder = try UploadFolder()
      let serving = try Serving(uploads: folder.uploads(), handler: summary(of:))
      let client = try Client(port: serving.port)
      client.send(Array("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n".utf8))
      client.send(pattern(900_000))
      let answer = try await client.answer()
      try #require(answer.status == 507)
      try #require(
        answer.text == "The server's disk has no room for this upload. Nothing of it was kept.\n")
      try #require(try await client.rest() == "")
      try await eventually { folder.descriptorCount == 0 }
      let next = try Client(port: serving.port)
      next.send(Array("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n".utf8))
      next.send(pattern(9))
      try #require(try await next.answer().status == 200)
      next.close()
      client.close()
      await serving.stop()
      folder.remove()
    }
  }

  @Test func `a folder that is not there is answered 500 with the reason`() async throws {
    let folder = try UploadFolder()
    let serving = try Serving(uploads: folder.uploads(), handler: summary(of:))
    folder.remove()
    let client = try Client(port: serving.port)
    client.send(head(3) + "abc")
    let answer = try await client.answer()
    #expect(answer.status == 500)
    #expect(
      answer.text
        == "The server could not store this upload: No such file or directory. "
        + "Nothing of it was kept.\n")
    #expect(serving.settings.uploadCount.withLock { $0 } == 0)
    client.close()
    await serving.stop()
  }

  @Test func `a server that stops lets an upload end, and cuts it off after the grace`()
    async throws
  {
    let folder = try UploadFolder()
    let serving = try Serving(uploads: folder.uploads(), handler: summary(of:))
    let ending = try Client(port: serving.port)
    ending.send(head(6) + "abc")
    let stuck = try Client(port: serving.port)
    stuck.send(head(6) + "abc")
    try await eventually { folder.descriptorCount == 2 }
    async let stopped: Void = serving.server.stop(graceMs: 500)
    ending.send("def")
    let answer = try await ending.answer()
    #expect(answer.text == "6 \(Checksum.of(Array("abcdef".utf8)))")
    #expect(await stuck.byteCountUntilEnd() == 0)
    await stopped
    try await eventually { folder.descriptorCount == 0 }
    folder.remove()
  }

  @Test(arguments: [true, false])
  func `a file has no name, also where the file system knows only names`(
    isNameless: Bool
  ) async throws {
    let folder = try UploadFolder()
    let file = try AnonymousFile(folder: folder.path, isNameless: isNameless)
    #expect(folder.names == [])
    try file.writeNow(Array("abcdef".utf8), at: 0)
    let body = BodyFile(file, byteCount: 6)
    #expect(try body.contents == Array("abcdef".utf8))
    var part = [UInt8](repeating: 0, count: 4)
    #expect(try part.withUnsafeMutableBytes { try body.read(at: 3, into: $0) } == 3)
    #expect(part == Array("def\0".utf8))
    for offset in [6, 7, Int.max, -1, Int.min] {
      #expect(try part.withUnsafeMutableBytes { try body.read(at: offset, into: $0) } == 0)
    }
    folder.remove()
  }
}
