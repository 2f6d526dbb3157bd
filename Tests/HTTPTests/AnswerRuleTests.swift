import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// What RFC 9110 and RFC 9112 ask of answers and of the connection they go over, on the wire.
@Suite struct AnswerRuleTests {
  private let last = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

  @Test(arguments: [(204, false), (205, true), (304, false), (200, true)])
  func `RFC 9110 §15.3.5, §15.3.6, §15.4.5: 204, 205 and 304 have no content`(
    code: Int, hasLength: Bool
  ) async throws {
    let serving = try Serving { request in
      Response(status: .init(code: request.path == "/last" ? 200 : code), body: [0x61, 0x62])
    }
    let client = try Client(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + last)
    let text = try await client.rest()
    let end = try #require(text.firstRange(of: "\r\n\r\n"))
    #expect(text[..<end.lowerBound].contains("Content-Length: ") == hasLength)
    let rest = text[end.upperBound...]
    #expect(rest.hasPrefix("HTTP/1.1 200") == (code != 200))
    client.close()
    await serving.stop()
  }

  @Test func `RFC 9110 §9.3.2: HEAD has the fields of GET and no content`() async throws {
    let clock = Clock(unixSeconds: { 784_111_777 }, monotonicMs: Clock.system.monotonicMs)
    let serving = try Serving(clock: clock) { _ in
      Response(headers: [.contentType: "text/plain"], body: [0x61, 0x62])
    }
    let client = try Client(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    let get = try await client.answer()
    let head = try await client.answer(isBodiless: true)
    #expect(get.fields == head.fields)
    client.send(last)
    #expect(try await client.rest().hasPrefix("HTTP/1.1 200"))
    client.close()
    await serving.stop()
  }

  @Test(arguments: ["websocket", "h2c", "HTTP/2.0, TLS/1.3"])
  func `RFC 9110 §7.8: a wish for another protocol is passed over`(wish: String) async throws {
    let serving = try Serving()
    let client = try Client(port: serving.port)
    client.send(
      "GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: \(wish)\r\n"
        + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n")
    let answer = try await client.answer()
    #expect(answer.status == 200)
    #expect(answer.fields["upgrade"] == nil)
    #expect(answer.text == "/a")
    client.close()
    await serving.stop()
  }

  @Test func `RFC 9112 §9.3.2: what stands before a bad request is answered, what follows is not`()
    async throws
  {
    let seen = Locked<[String]>([])
    let serving = try Serving { request in
      seen.withLock { $0.append(request.path) }
      return Response(body: Array(request.path.utf8))
    }
    let client = try Client(port: serving.port)
    client.send(
      "GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n"
        + "GET /bad HTTP/1.1\r\nHost : a\r\n\r\nGET /never HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await client.answer().text == "/one")
    #expect(try await client.answer().text == "/two")
    #expect(try await client.answer().status == 400)
    #expect(try await client.rest() == "")
    #expect(seen.withLock { $0 } == ["/one", "/two"])
    client.close()
    await serving.stop()
  }

  @Test func `RFC 9112 §9.6: who has said that nothing more comes still gets all answers`()
    async throws
  {
    let body = pattern(3_000_000)
    let serving = try Serving { _ in Response(body: body) }
    let client = try Client(port: serving.port)
    client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n")
    client.shutdownWrite()
    for _ in 0..<2 { #expect(try await client.answer().body == body) }
    #expect(try await client.rest() == "")
    client.close()
    await serving.stop()
  }

  @Test func `RFC 9112 §9.6: a request that is cut off by its sender is not handled`() async throws
  {
    let seen = Locked(0)
    let serving = try Serving { _ in
      seen.withLock { $0 += 1 }
      return Response()
    }
    for begun in [
      "GET / HTTP/1.1\r\nHost: a\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx",
    ] {
      let client = try Client(port: serving.port)
      client.send(begun)
      client.shutdownWrite()
      _ = await client.byteCountUntilEnd()
    }
    try await serving.becomesIdle()
    #expect(seen.withLock { $0 } == 0)
    await serving.stop()
  }
}
