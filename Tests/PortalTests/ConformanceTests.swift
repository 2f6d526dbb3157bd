import Testing
import WireClient

@testable import Portal

/// What suites of requests find behind `caretaker conformance`.
struct ConformanceTests {
  private func answers(to requests: [String], bodiless: Bool = false) async throws -> [Client
    .Answer]
  {
    let server = ConformanceServer(port: 0)
    let client = try Client(port: server.start())
    var answers: [Client.Answer] = []
    for request in requests {
      client.send(request)
      answers.append(try await client.answer(isBodiless: bodiless))
    }
    client.close()
    await server.stop()
    return answers
  }

  private func request(_ line: String, _ fields: String = "", body: String = "") -> String {
    let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
    return "\(line) HTTP/1.1\r\nHost: a\r\n\(fields)\(length)\r\n\(body)"
  }

  @Test func `the home page has what conditions and ranges are held against`() async throws {
    let first = try #require(try await answers(to: [request("GET /")]).first)
    #expect(first.status == 200)
    let tag = try #require(first.fields["etag"])
    let date = try #require(first.fields["last-modified"])
    let statuses = try await answers(to: [
      request("GET /", "If-None-Match: \(tag)\r\n"),
      request("GET /", "If-Modified-Since: \(date)\r\n"),
      request("GET /", "If-Match: \"other\"\r\n"), request("GET /", "Range: bytes=0-1\r\n"),
      request("GET /nothing"),
    ]).map(\.status)
    #expect(statuses == [304, 304, 412, 206, 404])
  }

  @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
  func `a body comes back, whatever the method`(method: String) async throws {
    let answer = try await answers(to: [request("\(method) /", body: "hello")]).first
    #expect(answer?.status == 200 && answer?.text == "hello")
  }

  @Test func `fields and cookies are listed as they were understood`() async throws {
    let answers = try await answers(to: [
      request("GET /echo", "X-A:  b \r\nx-a: c\r\n"),
      request("GET /cookie", "Cookie: a=1; b=2\r\nCookie: a=3; c\r\n"),
    ])
    #expect(answers.map(\.text) == ["Host: a\nX-A: b\nx-a: c\n", "a=1\nb=2\na=3\n"])
  }

  @Test func `RFC 9110 §9.3.7, §15.5.6: what is allowed is said`() async throws {
    let answers = try await answers(to: [
      request("OPTIONS /"), request("OPTIONS *"), request("DELETE /"),
    ])
    #expect(answers.map(\.status) == [204, 204, 405])
    #expect(answers.allSatisfy { $0.fields["allow"] == "GET, HEAD, POST, PUT, PATCH, OPTIONS" })
    #expect(answers[0].fields["content-length"] == nil)
  }

  @Test func `every answer has the headers of the portal`() async throws {
    let answer = try await answers(to: [request("HEAD /")], bodiless: true).first
    #expect(answer?.fields["x-content-type-options"] == "nosniff")
    #expect(answer?.fields["content-security-policy"]?.isEmpty == false)
  }
}
