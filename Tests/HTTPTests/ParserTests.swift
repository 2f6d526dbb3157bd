import HTTPTypes
import Testing

@testable import HTTP

/// Requests that are understood.
struct ParserTests {
  /// The only request of `text`, which means the same however it is split.
  private func request(_ text: String) throws -> (Request, keepsAlive: Bool, goAheads: Int) {
    let wire = Wire(text)
    #expect(wire.problem == nil, "\(wire.problem?.why ?? "")")
    for size in [1, 2, 3, 7] { #expect(Wire(text, size: size).summary == wire.summary) }
    try #require(wire.requests.count == 1)
    return (wire.requests[0], wire.keepsAlive[0], wire.goAheads)
  }

  @Test func `RFC 9112 §3: a request line gives method, target, path and query`() throws {
    let (request, _, _) = try request(
      "DELETE /a%20b/%C3%A9?c=%2F&d HTTP/1.1\r\nHost: example.com:8080\r\n\r\n")
    #expect(request.method == .delete)
    #expect(request.target == "/a%20b/%C3%A9?c=%2F&d")
    #expect(request.path == "/a b/é")
    #expect(request.query == "c=%2F&d")
    #expect(request.peerAddress == "192.0.2.1")
    #expect(request.body == [])
  }

  @Test(arguments: [
    ("/", "/", nil), ("/?", "/", ""), ("/a/", "/a/", nil), ("/a?b?c", "/a", "b?c"),
    ("/%252e%252e", "/%2e%2e", nil), ("/...", "/...", nil), ("/.a", "/.a", nil),
    ("/a..", "/a..", nil), ("/a?x=//../%00", "/a", "x=//../%00"), ("/a+b", "/a+b", nil),
    ("/a;b=c,d", "/a;b=c,d", nil), ("/?a|b[c]{d}^`\\", "/", "a|b[c]{d}^`\\"),
    ("/%E2%82%AC", "/€", nil),
  ])
  func `RFC 3986 §3.3: a path is decoded once, a query not at all`(
    target: String, path: String, query: String?
  ) throws {
    let (request, _, _) = try request("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(request.path == path)
    #expect(request.query == query)
    #expect(request.target == target)
  }

  @Test(arguments: [
    ("http://a", "/", nil), ("http://a/", "/", nil), ("HTTPS://A/b?c", "/b", "c"),
    ("http://a?b=/c", "/", "b=/c"),
  ])
  func `RFC 9112 §3.2.2: an absolute target for the same host gives its path`(
    target: String, path: String, query: String?
  ) throws {
    let (request, _, _) = try request("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(request.path == path)
    #expect(request.query == query)
  }

  @Test func `RFC 9112 §3.2.4: OPTIONS may ask for the whole server`() throws {
    #expect(try request("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").0.path == "*")
  }

  @Test func `RFC 9112 §2.2: one empty line before a request is skipped`() throws {
    #expect(try request("\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n").0.path == "/a")
  }

  @Test(arguments: [
    "a", "A.example", "a:", "a:80", "a_b-c.d", "127.0.0.1:65535", "[::1]", "[2001:db8::1]:80",
  ])
  func `RFC 9112 §3.2: Host is a name or an address, with a port or without`(host: String) throws {
    let (request, _, _) = try request("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
    #expect(request.headers.first { $0.name.canonicalName == "host" }?.value == host)
  }

  @Test func `RFC 9112 §5: fields keep their order, their repetitions and their text`() throws {
    let (request, _, _) = try request(
      "GET / HTTP/1.1\r\nHost: a\r\nAccept:\t b , c \t\r\nX-A:\r\naccept: d\te\r\nX-B: é\r\n\r\n")
    #expect(request.headers[values: .accept] == ["b , c", "d\te"])
    #expect(request.headers.map(\.name.rawName) == ["Host", "Accept", "X-A", "accept", "X-B"])
    #expect(request.headers.map(\.value) == ["a", "b , c", "", "d\te", "é"])
  }

  @Test func `RFC 9112 §6.2: a body has as many bytes as Content-Length says`() throws {
    let (request, _, _) = try request(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\na\r\n\r\n")
    #expect(request.body == Array("a\r\n\r\n".utf8))
  }

  @Test func `RFC 9112 §7.1: chunks are put together, extensions and trailers dropped`() throws {
    let (request, _, _) = try request(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
        + "3;a=\"b\"\r\nabc\r\n00A\r\n0123456789\r\n0;x\r\nAccept: b\r\n\r\n")
    #expect(request.body == Array("abc0123456789".utf8))
    #expect(request.headers[.accept] == nil)
  }

  @Test(arguments: [
    ";a", ";a=b", ";a=\"b\"", ";a;b=c;d", "; a = b ;c", ";a=\"\"", ";a=\"b\\\"c;d\"", ";\ta\t",
    ";a=\"\u{E9}\"",
  ])
  func `RFC 9112 §7.1.1: extensions of a chunk are names, with a value or without`(
    extensions: String
  ) throws {
    let (request, _, _) = try request(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "1\(extensions)\r\na\r\n0\(extensions)\r\n\r\n")
    #expect(request.body == Array("a".utf8))
  }

  @Test(arguments: [
    ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
    ("HTTP/1.1", "Connection: a, CLOSE\r\n", false), ("HTTP/1.1", "Connection: closed\r\n", true),
    ("HTTP/1.1", "Connection: keep-alive\r\n", true), ("HTTP/1.9", "", true),
    ("HTTP/1.0", "", false),
    ("HTTP/1.0", "Connection: Keep-Alive\r\n", true),
    ("HTTP/1.0", "Connection: keep-alive, close\r\n", false),
    ("HTTP/1.1", "Connection: a\r\nConnection: close\r\n", false),
  ])
  func `RFC 9112 §9.3: a connection persists unless one side says close`(
    version: String, field: String, expected: Bool
  ) throws {
    let text = "GET / \(version)\r\nHost: a\r\n\(field)\r\n"
    #expect(try request(text).keepsAlive == expected)
  }

  @Test func `RFC 9112 §3.2: HTTP 1.0 needs no Host`() throws {
    #expect(try request("GET /a HTTP/1.0\r\n\r\n").0.path == "/a")
  }

  @Test(arguments: [
    ("HTTP/1.1", "Content-Length: 1\r\n\r\na", 1), ("HTTP/1.1", "Content-Length: 0\r\n\r\n", 0),
    ("HTTP/1.1", "\r\n", 0), ("HTTP/1.0", "Content-Length: 1\r\n\r\na", 0),
    ("HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1),
  ])
  func `RFC 9110 §10.1.1: a client that waits with a body is told to go ahead`(
    version: String, rest: String, expected: Int
  ) throws {
    let text = "POST / \(version)\r\nHost: a\r\nExpect: 100-Continue\r\n\(rest)"
    #expect(try request(text).goAheads == expected)
  }

  @Test(arguments: [1, 2, 3, 5, 8, 13, 1_000])
  func `RFC 9112 §9.3.2: requests follow each other without anything between`(size: Int) {
    let text =
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy"
      + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n\r\n"
      + "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n"
      + "GET /d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    let wire = Wire(text, size: size)
    #expect(wire.problem == nil)
    #expect(wire.requests.map(\.path) == ["/a", "/b", "/c", "/d"])
    #expect(wire.requests.map(\.body.count) == [2, 0, 1, 0])
    #expect(wire.keepsAlive == [true, true, true, false])
  }

  @Test func `the stage of a request tells which timeout holds`() throws {
    var parser = RequestParser(limits: Limits(), peerAddress: "")
    #expect(parser.stage == .idle)
    let parts: [(String, RequestParser.Stage)] = [
      ("G", .head), ("ET / HTTP/1.1\r\n", .head), ("Host: a\r\nContent-Length: 1\r\n", .head),
      ("\r\n", .body), ("a", .idle),
    ]
    for (text, stage) in parts {
      Array(text.utf8).withUnsafeBufferPointer { parser.append($0) }
      _ = try parser.next()
      #expect(parser.stage == stage)
    }
  }

  @Test func `random bytes never trap, and mean the same however they are split`() {
    // A fixed sequence (xorshift), so that a failure can be repeated.
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    let pieces = [
      "GET ", "POST ", "/", "/a?b", " HTTP/1.1", " HTTP/1.0", "\r\n", "\r", "\n", "Host: a", ":",
      "Content-Length: 3", "Transfer-Encoding: chunked", "abc", "0", "5;x", " ", "\u{0}", "%41",
      "\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "Expect: 100-continue", "\u{80}",
    ]
    func random(below count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(count))
    }
    for _ in 0..<3_000 {
      let text = (0..<random(below: 14)).map { _ in pieces[random(below: pieces.count)] }.joined()
      let whole = Wire(text)
      for size in [1, 1 + random(below: 9)] {
        #expect(Wire(text, size: size).summary == whole.summary, "\(text.debugDescription)")
      }
    }
  }
}
