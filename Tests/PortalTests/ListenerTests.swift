import Foundation
import FoundationNetworking
import Testing
import WireClient

@testable import Portal

/// The portal behind a real port.
@Suite struct ListenerTests {
  /// What every answer carries, whoever made it.
  private let standing = [
    "Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options",
    "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
  ]

  private func answer(_ path: String, on port: Int, method: String = "GET") async throws
    -> HTTPURLResponse
  {
    let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
    var request = URLRequest(url: url)
    request.httpMethod = method
    let (_, response) = try await URLSession.shared.data(for: request)
    return try #require(response as? HTTPURLResponse)
  }

  @Test func `every answer carries the security headers, refusals of the server among them`()
    async throws
  {
    let stage = try Stage()
    let listener = try Listener(stage.portal)
    let port = try listener.start()
    let samples = [
      ("/sign-in", 200), ("/nope", 404), ("/public/caretaker.css", 200), ("/public/nope", 404),
      ("/a//b", 400), ("/%2e%2e/x", 400),
    ]
    for (path, status) in samples {
      let response = try await answer(path, on: port)
      #expect(response.statusCode == status, "\(path)")
      for name in standing {
        #expect(response.value(forHTTPHeaderField: name) != nil, "\(name) on \(path)")
      }
      #expect(response.value(forHTTPHeaderField: "Server") == nil)
    }
    let posted = try await answer("/session", on: port, method: "POST")
    #expect(posted.statusCode == 403)
    #expect(posted.value(forHTTPHeaderField: "Content-Security-Policy") != nil)
    try await listener.stop()
  }

  @Test func `pages are not kept by browsers, files are`() async throws {
    let stage = try Stage()
    let listener = try Listener(stage.portal)
    let port = try listener.start()
    let page = try await answer("/sign-in", on: port)
    #expect(page.value(forHTTPHeaderField: "Cache-Control") == "no-store")
    #expect(page.value(forHTTPHeaderField: "Content-Type") == "text/html; charset=utf-8")
    let file = try await answer("/public/caretaker.css", on: port)
    #expect(file.value(forHTTPHeaderField: "Cache-Control")?.contains("max-age") == true)
    #expect(file.value(forHTTPHeaderField: "ETag") != nil)
    try await listener.stop()
  }

  @Test func `pages name files by their version, which browsers keep, packed`() async throws {
    let stage = try Stage()
    let listener = try Listener(stage.portal)
    let port = try listener.start()
    let client = try Client(port: port)
    client.send("GET /sign-in HTTP/1.1\r\nHost: a\r\n\r\n")
    let page = try await client.answer().text
    let found = page.matches(of: /\/public\/[\w.\/-]+/).map { String($0.0) }
    #expect(found.count >= 3 && !page.contains("/public/caretaker.css"))
    for path in Set(found) {
      client.send("GET \(path) HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
      let file = try await client.answer()
      #expect(file.status == 200, "\(path)")
      #expect(file.fields["cache-control"]?.hasSuffix("immutable") == true)
      #expect(file.fields["content-encoding"] == "gzip" || file.body.count < 400, "\(path)")
    }
    client.close()
    try await listener.stop()
  }

  @Test func `a port in use is a sentence with the next step`() async throws {
    let stage = try Stage()
    let listener = try Listener(stage.portal)
    let port = try listener.start()
    var configuration = stage.portal.configuration
    configuration.port = port
    configuration.dataFolder = stage.folder + "-other"
    let second = try Listener(
      try Portal(
        configuration: configuration, outside: stage.portal.outside, log: stage.portal.log,
        passwordScheme: Stage.quickScheme))
    #expect {
      try second.start()
    } throws: { error in
      "\(error)".contains("\(port)") && "\(error)".contains("in use")
    }
    try await listener.stop()
  }
}
