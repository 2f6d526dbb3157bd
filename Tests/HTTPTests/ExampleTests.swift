import Foundation
import HTTP
import HTTPTypes
import Testing
import WireClient

/// The example of Sources/HTTP/HTTP.docc/HTTP.md, as it stands there.
struct ExampleTests {
  private func example() throws -> Server {
    let home = Representation(
      body: Array("Good day.\n".utf8), contentType: "text/plain; charset=utf-8", modifiedAt: nil)
    let server = Server(
      address: "127.0.0.1", port: 0, standingHeaders: [:],
      handler: { request in
        guard request.path == "/" else { return Response(status: .notFound) }
        guard request.method == .get || request.method == .head else {
          return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
        }
        return home.response(to: request)
      })
    return server
  }

  @Test func `it serves what it says`() async throws {
    let server = try example()
    let client = try Client(port: server.start())
    var statuses: [Int] = []
    for line in ["GET / HTTP/1.1", "GET /other HTTP/1.1", "PUT / HTTP/1.1"] {
      client.send("\(line)\r\nHost: a\r\n\r\n")
      statuses.append(try await client.answer().status)
    }
    client.close()
    await server.stop(graceMs: 0)
    #expect(statuses == [200, 404, 405])
  }

  @Test func `the page has the lines of this file`() throws {
    let here = try String(contentsOfFile: #filePath, encoding: .utf8)
    let own = here.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/HTTP/HTTP.docc/HTTP.md").path
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let block = try #require(page.firstMatch(of: /```swift\n([\s\S]*?)```/)).1
    let lines = block.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.count >= 12)
    for line in lines where !line.hasPrefix("let port") {
      #expect(own.contains(line.replacing("port: 8080", with: "port: 0")), "\(line)")
    }
  }
}
