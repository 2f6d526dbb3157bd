import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// Content that is made while it is sent (RFC 9112 §7.1).
@Suite struct StreamTests {
  private func serving(
    _ limits: Limits = .patient, tls: TLS? = nil, isEndless: Bool = false,
    _ make: @escaping @Sendable (BodyWriter) async throws -> Void
  ) throws -> Serving {
    try Serving(limits: limits, tls: tls) { request in
      guard request.path == "/stream" else { return Response(body: Array("plain".utf8)) }
      var response = Response(headers: [.contentType: "text/plain; charset=utf-8"])
      response.stream = ResponseStream(isEndless: isEndless, make)
      return response
    }
  }

  private func ask(_ client: Client, _ path: String = "/stream", version: String = "1.1") {
    client.send("GET \(path) HTTP/\(version)\r\nHost: a\r\n\r\n")
  }

  private let close = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
  private let threeParts = "5\r\nalpha\r\n1\r\n \r\n5\r\nomega\r\n0\r\n\r\n"

  @Test(arguments: [false, true])
  func `it goes in chunks, and the connection stays`(isSecure: Bool) async throws {
    let tls = isSecure ? try TLS(selfSignedFor: ["localhost"], at: CertificateFiles.now) : nil
    let serving = try serving(tls: tls) { body in
      for part in ["alpha", "", " ", "omega"] { try await body.write(Array(part.utf8)) }
    }
    let client =
      isSecure ? try await Client.secure(port: serving.port) : try Client(port: serving.port)
    ask(client)
    client.send(close)
    let text = try await client.rest()
    #expect(text.contains("Transfer-Encoding: chunked\r\n"))
    #expect(text.ranges(of: "Content-Length").count == 1)  // Of the plain one.
    #expect(text.contains("\r\n\r\n" + threeParts + "HTTP/1.1 200 OK\r\n"))
    #expect(text.hasSuffix("plain"))
    client.close()
    await serving.stop()
  }

  @Test func `who speaks HTTP/1.0 gets it without chunks, to the end of the connection`()
    async throws
  {
    let serving = try serving { body in
      for part in ["alpha", " ", "omega"] { try await body.write(Array(part.utf8)) }
    }
    let client = try Client(port: serving.port)
    ask(client, version: "1.0")
    let text = try await client.rest()
    #expect(!text.contains("Transfer-Encoding"))
    #expect(!text.contains("Content-Length"))
    #expect(text.hasSuffix("\r\n\r\nalpha omega"))
    client.close()
    await serving.stop()
  }

  @Test func `for HEAD it is not made`() async throws {
    let made = Locked(0)
    let serving = try serving { _ in made.withLock { $0 += 1 } }
    let client = try Client(port: serving.port)
    client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await client.answer(isBodiless: true).fields["transfer-encoding"] == "chunked")
    ask(client, "/")
    #expect(try await client.answer().text == "plain")
    #expect(made.withLock { $0 } == 0)
    client.close()
    await serving.stop()
  }

  @Test func `nothing more is made than the client takes`() async throws {
    let taken = Locked(0)
    let part = [UInt8](repeating: 0x61, count: 100_000)
    let count = 200
    let serving = try serving { body in
      for _ in 0..<count {
        try await body.write(part)
        taken.withLock { $0 += 1 }
      }
    }
    let client = try Client(port: serving.port)
    ask(client)
    // What the kernel keeps on both sides is taken; then it stands still.
    try await eventually { taken.withLock { $0 } > 0 }
    var before = -1
    while before != taken.withLock({ $0 }) {
      before = taken.withLock { $0 }
      try await Task.sleep(for: .milliseconds(300))
    }
    #expect(before < count)
    client.send(close)
    let received = await client.byteCountUntilEnd()
    #expect(received > count * part.count)
    #expect(taken.withLock { $0 } == count)
    client.close()
    await serving.stop()
  }

  @Test func `a client that takes nothing is cut off, and the maker told`() async throws {
    var limits = Limits.patient
    limits.writeTimeoutMs = 300
    let ended = Locked("")
    let serving = try serving(limits) { body in
      do {
        while true { try await body.write([UInt8](repeating: 0x61, count: 100_000)) }
      } catch {
        ended.withLock { $0 = "\(type(of: error)) \(Task.isCancelled)" }
        throw error
      }
    }
    let client = try Client(port: serving.port)
    ask(client)
    try await eventually { !ended.withLock { $0 }.isEmpty }
    #expect(ended.withLock { $0 } == "CancellationError true")
    client.close()
    try await serving.becomesIdle()
    await serving.stop()
  }

  @Test func `a maker that waits is cancelled when its client hangs up`() async throws {
    let gate = Gate()
    let isCancelled = Locked(false)
    let serving = try serving { body in
      try await body.write([0x61])
      await withTaskCancellationHandler {
        await gate.wait()
      } onCancel: {
        isCancelled.withLock { $0 = true }
        gate.open()
      }
    }
    let client = try Client(port: serving.port)
    ask(client)
    try await eventually { gate.waitingCount == 1 }
    client.reset()
    try await eventually { isCancelled.withLock { $0 } }
    await serving.stop()
  }

  @Test func `a maker that fails leaves the answer without its end`() async throws {
    struct Broken: Error {}
    let serving = try serving { body in
      try await body.write(Array("half".utf8))
      throw Broken()
    }
    let client = try Client(port: serving.port)
    ask(client)
    #expect(try await client.rest().hasSuffix("\r\n\r\n4\r\nhalf\r\n"))
    await serving.stop()
  }

  @Test func `a stop waits for content that ends, and ends what does not`() async throws {
    let gate = Gate()
    let serving = try serving { body in
      await gate.wait()
      try await body.write(Array("whole".utf8))
    }
    let endless = try self.serving(isEndless: true) { body in
      try await body.write([0x61])
      try? await Task.sleep(for: .seconds(600))
    }
    let (client, other) = (try Client(port: serving.port), try Client(port: endless.port))
    ask(client)
    ask(other)
    try await eventually { gate.waitingCount == 1 }
    async let stopped: Void = serving.stop()
    async let alsoStopped: Void = endless.stop()
    #expect(try await other.rest().hasSuffix("1\r\na\r\n0\r\n\r\n"))
    gate.open()
    #expect(try await client.rest().hasSuffix("5\r\nwhole\r\n0\r\n\r\n"))
    client.close()
    other.close()
    _ = await (stopped, alsoStopped)
  }

  @Test func `parts that are written side by side all come`() async throws {
    let serving = try serving { body in
      try await withThrowingTaskGroup { group in
        for number in 0..<50 {
          group.addTask { try await body.write(Array("<\(number)>".utf8)) }
        }
        try await group.waitForAll()
      }
    }
    let client = try Client(port: serving.port)
    ask(client)
    client.send(close)
    let text = try await client.rest()
    for number in 0..<50 { #expect(text.contains("<\(number)>\r\n")) }
    client.close()
    await serving.stop()
  }
}
