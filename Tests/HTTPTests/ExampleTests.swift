import HTTP
import HTTPTypes
import Testing
import WireClient

/// The example of Sources/HTTP/HTTP.docc/HTTP.md, as it stands there (DocumentedExampleTests).
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
    let port = try server.start()
    let client = try Client(port: port)
    var statuses: [Int] = []
    for line in ["GET / HTTP/1.1", "GET /other HTTP/1.1", "PUT / HTTP/1.1"] {
      client.send("\(line)\r\nHost: a\r\n\r\n")
      statuses.append(try await client.answer().status)
    }
    client.close()
    await server.stop(graceMs: 0)
    #expect(statuses == [200, 404, 405])
  }
}
