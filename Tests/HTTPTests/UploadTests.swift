import Glibc
import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// Bodies that go to a file, on a real socket. One after the other, since clients that send much
/// block the few threads that tests run on.
@Suite(.serialized)
struct UploadTests {
  private func head(_ length: Int, path: String = "/upload", more: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\n\(more)Content-Length: \(length)\r\n\r\n"
  }

  private func chunked(_ bytes: [UInt8], by size: Int) -> [UInt8] {
    var wire = Array("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(size)
      rest = rest.dropFirst(size)
      wire += Array("\(String(part.count, radix: 16))\r\n".utf8) + part + Array("\r\n".utf8)
    }
    return wire + Array("0\r\n\r\n".utf8)
  }

  @Test(arguments: [1, 262_143, 262_144, 262_145, 1_000_003])
  func `a body arrives in its file as it was sent, by length and by chunks`(
    size: Int
  ) async throws {
    let folder = try UploadFolder()
    let serving = try Serving(uploads: folder.uploads(), handler: summary(of:))
    let client = try Client(port: serving.port)
    let body = pattern(size)
    client.send(Array(head(size).utf8) + body)
    #expect(try await client.answer().text == "\(size) \(Checksum.of(body))")
    client.send(chunked(body, by: 70_001))
    #expect(try await client.answer().text == "\(size) \(Checksum.of(body))")
    client.close()
    try await eventually { folder.descriptorCount == 0 }
    #expect(folder.names == [])
    await serving.stop()
    folder.remove()
  }

  @Test(arguments: [1, 2, 3, 7, 64, 100_000])
  func `however the bytes arrive, the blocks are the same`(size: Int) throws {
    let folder = try UploadFolder()
    var limits = Limits()
    limits.uploadBlockBytes = 5
    let body = pattern(1_234)
    let wire = Wire(
      chunked(body, by: 17) + Array(head(body.count).utf8) + body, size: size, limits: limits,
      uploads: folder.uploads())
    #expect(wire.problem == nil)
    #expect(wire.requests.map(\.body) == [[], []])
    #expect(Array(wire.blocks.joined()) == body + body)
    #expect(wire.blocks.allSatisfy { $0.count == 5 || $0.count == 4 })
    #expect(wire.blocks.count == 2 * 247)
    folder.remove()
  }

  @Test func `other requests, and an upload without a body, are as they were`() async throws {
    let folder = try UploadFolder()
    let asked = Locked(0)
    let uploads = folder.uploads { _ in
      asked.withLock { $0 += 1 }
      return nil
    }
    let serving = try Serving(uploads: uploads, handler: summary(of:))
    let client = try Client(port: serving.port)
    client.send(head(3, path: "/form") + "abc" + head(0))
    client.send("GET /upload HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await client.answer().text == "/form memory 3")
    #expect(try await client.answer().text == "/upload memory 0")
    #expect(try await client.answer().text == "/upload memory 0")
    client.send("HEAD /upload HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await client.answer(isBodiless: true).fields["content-length"] == "16")
    #expect(asked.withLock { $0 } == 0)
    client.close()
    await serving.stop()
    folder.remove()
  }

  @Test func `requests that follow an upload in the same bytes are answered in order`() async throws
  {
    let folder = try UploadFolder()
    let serving = try Serving(uploads: folder.uploads(), handler: summary(of:))
    let client = try Client(port: serving.port)
    let body = pattern(300_000)
    let next = Array("GET /next HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    client.send(Array(head(body.count).utf8) + body + chunked(body, by: 9_999) + next)
    client.shutdownWrite()
    let expected = "\(body.count) \(Checksum.of(body))"
    #expect(try await client.answer().text == expected)
    #expect(try await client.answer().text == expected)
    #expect(try await client.answer().text == "/next memory 0")
    #expect(try await client.rest() == "")
    await serving.stop()
    folder.remove()
  }

  @Test func `two uploads at once do not mix`() async throws {
    let folder = try UploadFolder()
    let serving = try Serving(uploads: folder.uploads(), handler: summary(of:))
    let bodies = [pattern(900_000), Array(pattern(700_000).reversed())]
    let clients = [try Client(port: serving.port), try Client(port: serving.port)]
    for (client, body) in zip(clients, bodies) { client.send(head(body.count)) }
    for start in stride(from: 0, to: 900_000, by: 10_000) {
      for (client, body) in zip(clients, bodies) where start < body.count {
        client.send(Array(body[start..<min(start + 10_000, body.count)]))
      }
    }
    for (client, body) in zip(clients, bodies) {
      #expect(try await client.answer().text == "\(body.count) \(Checksum.of(body))")
      client.close()
    }
    await serving.stop()
    folder.remove()
  }

  @Test func `admission is asked with the head, before a go-ahead and before the body`()
    async throws
  {
    let folder = try UploadFolder()
    let gate = Gate()
    let uploads = folder.uploads { request in
      #expect(request.body == [] && request.file == nil)
      #expect(request.headers[.cookie] == "a=b")
      await gate.wait()
      return nil
    }
    let serving = try Serving(uploads: uploads, handler: summary(of:))
    let client = try Client(port: serving.port)
    client.send(head(3, more: "Cookie: a=b\r\nExpect: 100-continue\r\n"))
    try await eventually { gate.waitingCount == 1 }
    #expect(folder.descriptorCount == 0)
    gate.open()
    #expect(try await client.answer().status == 100)
    client.send("abc")
    #expect(try await client.answer().text == "3 \(Checksum.of(Array("abc".utf8)))")
    client.close()
    await serving.stop()
    folder.remove()
  }

  @Test(arguments: [true, false])
  func `a body that is not admitted is not read, its sender is answered, and the connection closed`(
    waits: Bool
  ) async throws {
    let folder = try UploadFolder()
    let uploads = folder.uploads { _ in
      Response(status: .seeOther, headers: [.location: "/sign-in"])
    }
    let serving = try Serving(uploads: uploads, handler: summary(of:))
    let client = try Client(port: serving.port)
    client.send(head(64_000_000, more: waits ? "Expect: 100-continue\r\n" : ""))
    if !waits { client.send(pattern(1_000_000)) }
    let answer = try await client.answer()
    #expect(answer.status == 303)
    #expect(answer.fields["location"] == "/sign-in")
    #expect(answer.fields["connection"] == "close")
    #expect(answer.fields["x-content-type-options"] == "nosniff")
    #expect(try await client.rest() == "")
    #expect(serving.settings.uploadCount.withLock { $0 } == 0)
    client.close()
    try await serving.becomesIdle()
    await serving.stop()
    folder.remove()
  }

  @Test func `a body larger than the limit is answered 413, by its length and by its chunks`()
    async throws
  {
    let folder = try UploadFolder()
    var limits = Limits.patient
    limits.uploadBytesMax = 500_000
    let asked = Locked(0)
    let uploads = folder.uploads { _ in
      asked.withLock { $0 += 1 }
      return nil
    }
    let serving = try Serving(limits: limits, uploads: uploads, handler: summary(of:))
    for length in [500_001, 2_147_483_648, 4_294_967_296, Int.max] {
      let told = try Client(port: serving.port)
      told.send(head(length))
      #expect(try await told.answer().status == 413)
      #expect(try await told.rest() == "")
    }
    #expect(asked.withLock { $0 } == 0)
    let untold = try Client(port: serving.port)
    untold.send(chunked(pattern(500_001), by: 65_536))
    #expect(try await untold.answer().status == 413)
    let fits = try Client(port: serving.port)
    fits.send(chunked(pattern(500_000), by: 65_536))
    #expect(try await fits.answer().text.hasPrefix("500000 "))
    for client in [untold, fits] { client.close() }
    try await eventually { folder.descriptorCount == 0 }
    #expect(serving.settings.uploadCount.withLock { $0 } == 0)
    await serving.stop()
    folder.remove()
  }
}
