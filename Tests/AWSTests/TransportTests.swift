import Foundation
import Testing

@testable import AWS

@Suite(.timeLimit(.minutes(2)))
struct TransportTests {
  private let transport = Transport()

  private func problem(_ call: HTTPCall) async -> TransportProblem? {
    do {
      _ = try await transport.send(call)
      return nil
    } catch {
      return error
    }
  }

  @Test func `method, target, fields and body arrive as given, and the answer comes back`()
    async throws
  {
    let server = try LoopbackServer { _ in .answer(418, headers: ["X-Said": "tea"], "short") }
    let answer = try await transport.send(
      HTTPCall(
        method: "POST", url: server.url + "/a/../b%20c?x=", headers: [HTTPHeader("X-One", "1")],
        body: Array("body".utf8)))
    #expect(answer.status == 418)
    #expect(answer.header("x-said") == "tea")
    #expect(answer.body == Array("short".utf8))
    let request = try #require(server.received.first)
    #expect(request.method == "POST")
    #expect(request.target == "/a/../b%20c?x=")
    #expect(request.body == "body")
    #expect(request.headers["x-one"] == "1")
    #expect(request.headers["content-type"] == nil)
    #expect(request.headers["expect"] == nil)
    #expect(request.headers["accept-encoding"] == nil)
  }

  @Test func `a call connects where it is told and asks for the host of its URL`() async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    let place = "127.0.0.1:\(server.port)"
    let answer = try await transport.send(
      HTTPCall(method: "GET", url: "http://blog.invalid/a", connectTo: place))
    #expect(answer.status == 200)
    #expect(server.received.map { $0.headers["host"] } == ["blog.invalid"])
  }

  @Test func `only TLS has a certificate, and a look at one sends nothing`() async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    #expect(
      try await transport.certificateUntilMs(of: HTTPCall(method: "GET", url: server.url)) == nil)
    let look = HTTPCall(
      method: "GET", url: "https://blog.invalid/", connectTo: "127.0.0.1:\(server.port)")
    await #expect(throws: TransportProblem.self) {
      try await transport.certificateUntilMs(of: look)
    }
    #expect(server.received.filter { $0.method == "GET" }.isEmpty)
  }

  @Test(arguments: [
    ("Nov  4 08:49:37 2026 GMT", 1_793_782_177_000),
    ("Nov 14 08:49:37 2026 GMT", 1_794_646_177_000),
    ("2026-11-04 08:49:37 GMT", nil), ("Nov 4 08:49:37 2026 CET", nil), ("", nil),
  ])
  func `the date of a certificate is read as OpenSSL prints it`(text: String, ms: Int64?) {
    #expect(Timestamp.ms(certificateDate: text) == ms)
  }

  @Test func `a PUT without a body has the length 0`() async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    _ = try await transport.send(HTTPCall(method: "PUT", url: server.url + "/"))
    #expect(server.received.first?.method == "PUT")
    #expect(server.received.first?.headers["content-length"] == "0")
  }

  @Test func `a connection is used again`() async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    for _ in 0..<3 { _ = try await transport.send(HTTPCall(method: "GET", url: server.url)) }
    #expect(server.received.map(\.connection) == [0, 0, 0])
  }

  @Test func `many exchanges run at once`() async throws {
    let server = try LoopbackServer { .answer(200, $0.target) }
    let url = server.url
    let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for number in 0..<100 {
        group.addTask { [transport] in
          try await transport.send(HTTPCall(method: "GET", url: "\(url)/\(number)")).body
        }
      }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(bodies == Set((0..<100).map { Array("/\($0)".utf8) }))
  }

  @Test func `a refused connection has sent nothing`() async throws {
    let port = try LoopbackServer.unusedPort()
    let problem = await problem(HTTPCall(method: "GET", url: "http://127.0.0.1:\(port)/"))
    #expect(problem == TransportProblem(.couldNotConnect, wasSent: false))
  }

  @Test func `silence ends when the time is up, after sending`() async throws {
    let server = try LoopbackServer { _ in .silence() }
    let problem = await problem(HTTPCall(method: "GET", url: server.url, timeoutMs: 200))
    #expect(problem == TransportProblem(.timedOut, wasSent: true))
  }

  @Test func `silence in the middle of a body ends when the time is up`() async throws {
    let server = try LoopbackServer { _ in
      .silence(after: "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\npart")
    }
    let problem = await problem(HTTPCall(method: "GET", url: server.url, timeoutMs: 300))
    #expect(problem == TransportProblem(.timedOut, wasSent: true))
  }

  @Test func `a reset after the request counts as sent`() async throws {
    let server = try LoopbackServer { _ in .reset() }
    let problem = await problem(HTTPCall(method: "POST", url: server.url, isRepeatable: false))
    #expect(problem == TransportProblem(.reset, wasSent: true))
  }

  @Test func `an answer that ends too early is no answer`() async throws {
    let server = try LoopbackServer { _ in
      .raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    }
    #expect(
      await problem(HTTPCall(method: "GET", url: server.url))
        == TransportProblem(.reset, wasSent: true))
  }

  @Test func `a request that may not be repeated goes out once, on a connection of its own`()
    async throws
  {
    let server = try LoopbackServer { request in
      request.method == "GET" ? .answer(200, "") : .raw("")
    }
    _ = try await transport.send(HTTPCall(method: "GET", url: server.url))
    let problem = await problem(
      HTTPCall(method: "POST", url: server.url, body: [1], isRepeatable: false))
    #expect(problem == TransportProblem(.reset, wasSent: true))
    #expect(server.received.map(\.connection) == [0, 1])
  }

  @Test func `an answer over the limit is refused, by its length or as it comes`() async throws {
    let declared = try LoopbackServer { _ in .answer(200, String(repeating: "x", count: 5_000)) }
    let endless = try LoopbackServer { _ in
      .raw("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 5_000))
    }
    for url in [declared.url, endless.url] {
      #expect(
        await problem(HTTPCall(method: "GET", url: url, answerBytesMax: 4_999))
          == TransportProblem(.tooLarge, wasSent: true))
      let answer = try await transport.send(
        HTTPCall(method: "GET", url: url, answerBytesMax: 5_000))
      #expect(answer.body.count == 5_000)
    }
  }

  @Test func `header fields over the limit are refused`() async throws {
    let server = try LoopbackServer { _ in
      .answer(200, headers: ["X": String(repeating: "x", count: Exchange.headerBytesMax)], "")
    }
    #expect(await problem(HTTPCall(method: "GET", url: server.url))?.kind == .tooLarge)
  }

  @Test func `a redirect is handed back, not followed`() async throws {
    let server = try LoopbackServer { _ in
      .answer(302, headers: ["Location": "http://169.254.169.254/"], "")
    }
    let answer = try await transport.send(HTTPCall(method: "GET", url: server.url))
    #expect(answer.status == 302)
    #expect(server.received.count == 1)
  }

  @Test func `a compressed answer is handed back as it came`() async throws {
    let server = try LoopbackServer { _ in
      .answer(200, headers: ["Content-Encoding": "gzip"], "not gzip at all")
    }
    let answer = try await transport.send(HTTPCall(method: "GET", url: server.url))
    #expect(answer.body == Array("not gzip at all".utf8))
  }

  @Test func `what is not HTTP is no answer`() async throws {
    let server = try LoopbackServer { _ in .raw("\u{1}\u{2}garbage\r\n\r\n") }
    #expect(await problem(HTTPCall(method: "GET", url: server.url))?.wasSent == true)
  }

  @Test func `TLS with something that does not speak it fails before sending`() async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    let problem = await problem(
      HTTPCall(method: "GET", url: "https://127.0.0.1:\(server.port)/", timeoutMs: 3_000))
    #expect(problem?.wasSent == false)
    #expect(server.received.isEmpty)
  }

  @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "relative"])
  func `an address that is not HTTP is refused`(url: String) async {
    #expect(await problem(HTTPCall(method: "GET", url: url))?.wasSent == false)
  }

  @Test func `line ends in addresses and fields are refused before sending`() async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    let calls = [
      HTTPCall(method: "GET", url: server.url + "/\r\nX: y"),
      HTTPCall(method: "GET\r\n", url: server.url),
      HTTPCall(method: "GET", url: server.url, headers: [HTTPHeader("A", "b\r\nC: d")]),
      HTTPCall(method: "GET", url: server.url, headers: [HTTPHeader("A\n", "b")]),
      HTTPCall(method: "GET", url: server.url, headers: [HTTPHeader("A", "b\0")]),
    ]
    for call in calls { #expect(await problem(call)?.wasSent == false) }
    #expect(server.received.isEmpty)
  }

  @Test func `cancelling ends the exchange`() async throws {
    let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    let server = try LoopbackServer { _ in
      arrived.yield()
      return .silence()
    }
    let url = server.url
    let task = Task { [transport] in
      try await transport.send(HTTPCall(method: "GET", url: url, timeoutMs: 100_000))
    }
    for await _ in arrivals { break }
    task.cancel()
    await #expect(throws: TransportProblem(.cancelled, wasSent: true)) { try await task.value }
  }

  @Test func `a task that is cancelled before it begins sends nothing`() async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    let url = server.url
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let task = Task { [transport] in
      for await _ in gate { break }
      return try await transport.send(HTTPCall(method: "GET", url: url))
    }
    task.cancel()
    open.finish()
    await #expect(throws: TransportProblem(.cancelled, wasSent: false)) { try await task.value }
    #expect(server.received.isEmpty)
  }

  @Test func `a storm of cancellations leaves the transport working`() async throws {
    let server = try LoopbackServer { $0.target == "/" ? .silence() : .answer(200, "") }
    let url = server.url
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask { [transport] in
          _ = try? await transport.send(HTTPCall(method: "GET", url: url, timeoutMs: 100_000))
        }
      }
      group.cancelAll()
    }
    let answer = try await transport.send(HTTPCall(method: "GET", url: url + "/well"))
    #expect(answer.status == 200)
  }

  @Test func `shutting down ends what is under way and what comes after`() async throws {
    let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    let server = try LoopbackServer { _ in
      arrived.yield()
      return .silence()
    }
    let own = Transport()
    let url = server.url
    let task = Task { try await own.send(HTTPCall(method: "GET", url: url, timeoutMs: 100_000)) }
    for await _ in arrivals { break }
    own.shutdown()
    own.shutdown()
    await #expect(throws: TransportProblem(.cancelled, wasSent: true)) { try await task.value }
    await #expect(throws: TransportProblem(.cancelled, wasSent: false)) {
      try await own.send(HTTPCall(method: "GET", url: url))
    }
  }
}
