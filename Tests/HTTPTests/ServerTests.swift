import Dispatch
import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// The server over loopback.
struct ServerTests {
  @Test func `requests on one connection are answered one after the other`() async throws {
    let serving = try Serving()
    let client = try Client(port: serving.port)
    for path in ["/a", "/b", "/c"] {
      client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
      let answer = try await client.answer()
      #expect(answer.status == 200)
      #expect(answer.text == path)
      #expect(answer.fields["connection"] == nil)
    }
    client.close()
    try await serving.becomesIdle()
    await serving.stop()
  }

  @Test func `pipelined requests are answered in order, whichever is ready first`() async throws {
    let serving = try Serving { request in
      if request.path == "/0" { try? await Task.sleep(for: .milliseconds(50)) }
      return Response(body: Array(request.path.utf8))
    }
    let client = try Client(port: serving.port)
    let count = 2_000
    client.send((0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
    for index in 0..<count { #expect(try await client.answer().text == "/\(index)") }
    client.close()
    await serving.stop()
  }

  @Test func `what is answered at once keeps its place among what is not`() async throws {
    let serving = try Serving(immediate: { request in
      request.path.hasSuffix("0") ? nil : Response(body: Array("at once".utf8))
    })
    let client = try Client(port: serving.port)
    let count = 20_000
    client.send((1...count).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
    for index in 1...count {
      let text = try await client.answer().text
      #expect(text == (index.isMultiple(of: 10) ? "/\(index)" : "at once"))
    }
    client.close()
    await serving.stop()
  }

  @Test func `a loop that is held up says for how long`() async throws {
    let isHeld = DispatchSemaphore(value: 0)
    let serving = try Serving(immediate: { request in
      if request.path == "/hold" { isHeld.wait() }
      return Response(body: [120])
    })
    let client = try Client(port: serving.port)
    client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
    try await eventually { serving.server.load.loopsLateMs.contains { $0 > 100 } }
    #expect(serving.server.load.loopsLateMs.count == 2)
    isHeld.signal()
    #expect(try await client.answer().text == "x")
    let late = serving.server.load.loopsLateMs
    #expect(late.contains { $0 > 100 })
    client.close()
    try await serving.becomesIdle()
    #expect(serving.server.load.connections == 0)
    await serving.stop()
  }

  @Test func `who is answered at once all the time leaves others their turn`() async throws {
    let serving = try Serving(immediate: { _ in Response(body: [120]) })
    let greedy = try (0..<8).map { _ in try Client(port: serving.port) }
    let many = String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 5_000)
    for client in greedy { client.send(many) }
    let other = try Client(port: serving.port)
    other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await other.answer().text == "x")
    for client in greedy { client.close() }
    other.close()
    try await serving.becomesIdle()
    await serving.stop()
  }

  @Test func `a body arrives whole, by length or in chunks`() async throws {
    let serving = try Serving { Response(body: $0.body) }
    let client = try Client(port: serving.port)
    let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
    client.send(body)
    #expect(try await client.answer().body == body)
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    client.send("\(String(body.count, radix: 16))\r\n")
    client.send(body)
    client.send("\r\n2\r\nab\r\n0\r\n\r\n")
    #expect(try await client.answer().body == body + Array("ab".utf8))
    client.close()
    await serving.stop()
  }

  @Test func `a client that expects 100 gets it, and the answer after its body`() async throws {
    let serving = try Serving { Response(body: $0.body) }
    let client = try Client(port: serving.port)
    let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
    client.send("\(head)3\r\n\r\n")
    #expect(try await client.answer().status == 100)
    client.send("abc")
    #expect(try await client.answer().text == "abc")
    client.send("\(head)99999999\r\n\r\n")
    #expect(try await client.answer().status == 413)
    client.close()
    await serving.stop()
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/2.0\r\n\r\n", 505),
    ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\n", 414),
    ("GET / HTTP/1.1\r\nA: \(String(repeating: "a", count: 40_000))", 431),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
    ("POST / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417),
  ])
  func `a refusal has the standing headers, closes the connection and is reported`(
    text: String, status: Int
  ) async throws {
    let serving = try Serving()
    let client = try Client(port: serving.port)
    // What follows a refused request is not read as another.
    client.send(text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
    let answer = try await client.answer()
    #expect(answer.status == status)
    #expect(answer.fields["x-content-type-options"] == "nosniff")
    #expect(answer.fields["connection"] == "close")
    #expect(answer.fields["content-type"] == "text/plain; charset=utf-8")
    #expect(answer.fields["date"]?.hasSuffix(" GMT") == true)
    #expect(answer.text.hasSuffix(".\n"))
    #expect(try await client.rest() == "")
    #expect(serving.refusals.withLock { $0 } == ["\(status) 127.0.0.1"])
    client.close()
    await serving.stop()
  }

  @Test func `a refused client that goes on sending still gets to read why`() async throws {
    let serving = try Serving()
    let client = try Client(port: serving.port)
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n")
    // A reset would stop this.
    #expect(client.send([UInt8](repeating: 120, count: 4_000_000)))
    #expect(try await client.answer().status == 413)
    client.close()
    await serving.stop()
  }

  @Test func `the message belongs to the server, and standing headers give way`() async throws {
    let clock = Clock(unixSeconds: { 784_111_777 }, monotonicMs: Clock.system.monotonicMs)
    let serving = try Serving(clock: clock) { request in
      var headers: HTTPFields = [
        .contentLength: "99", .transferEncoding: "chunked", .date: "never", .connection: "upgrade",
        .cacheControl: "max-age=60",
      ]
      headers[.location] = request.query.map { "/" + $0 + "\r\nX-A: b" }
      return Response(status: .init(code: request.path == "/odd" ? 101 : 200), headers: headers)
    }
    let client = try Client(port: serving.port)
    client.send("GET /?c HTTP/1.1\r\nHost: a\r\n\r\nGET /odd HTTP/1.1\r\nHost: a\r\n\r\n")
    let answer = try await client.answer()
    #expect(
      answer.fields == [
        "content-length": "0", "date": "Sun, 06 Nov 1994 08:49:37 GMT",
        "cache-control": "max-age=60", "x-content-type-options": "nosniff",
        "location": "/c  X-A: b",
      ])
    #expect(try await client.answer().status == 500)
    client.close()
    await serving.stop()
  }

  @Test func `HTTP 1.0 is closed after its answer unless it asked otherwise`() async throws {
    let serving = try Serving()
    let client = try Client(port: serving.port)
    client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    #expect(try await client.answer().fields["connection"] == "keep-alive")
    client.send("GET /b HTTP/1.0\r\n\r\n")
    let answer = try await client.answer()
    #expect(answer.text == "/b")
    #expect(answer.fields["connection"] == "close")
    #expect(try await client.rest() == "")
    client.close()
    await serving.stop()
  }

  @Test func `the peer is known by its address, also over IPv6`() async throws {
    for address in ["127.0.0.1", "::1"] {
      let serving = try Serving(address: address) { Response(body: Array($0.peerAddress.utf8)) }
      let client = try Client(port: serving.port, address: address)
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try await client.answer().text == address)
      client.close()
      await serving.stop()
    }
  }

  @Test func `an IPv4 peer of an IPv6 socket is known by its IPv4 address`() async throws {
    let serving = try Serving(address: "::") { Response(body: Array($0.peerAddress.utf8)) }
    let client = try Client(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await client.answer().text == "127.0.0.1")
    client.close()
    await serving.stop()
  }
}
