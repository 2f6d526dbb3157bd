import HTTP
import HTTPTypes

/// Answers by what was understood of a request, so that suites of requests can be turned on the
/// HTTP server as the portal runs it. It knows nothing of the portal, and looks at no file.
///
/// - `/` answers 200 and has a tag, a date and ranges;
/// - `/echo` lists the request's header fields, `/cookie` its cookies, one on a line;
/// - whatever has a body gets it back.
public final class ConformanceServer: Sendable {
  private let server: Server

  /// The methods that are taken without a body.
  private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .options]
  private static let home = Representation(
    body: Array("Caretaker's HTTP server.\n".utf8), contentType: text,
    modifiedAt: 1_790_000_000)
  private static let text = "text/plain; charset=utf-8"

  /// Listens on loopback once it is started.
  /// - Parameter port: 0 for a free one.
  public init(port: Int) {
    server = Server(
      address: "127.0.0.1", port: port, standingHeaders: Portal.standingHeaders,
      handler: { Self.answer($0) })
  }

  /// Opens the port and gives its number.
  /// - Throws: an error whose description is a sentence.
  public func start() throws -> Int { try server.start() }

  /// Answers what is under way, and ends.
  public func stop() async { await server.stop(graceMs: Listener.graceMs) }

  private static func answer(_ request: Request) -> Response {
    if request.path == "/echo" { return lines(request.headers.map { "\($0.name): \($0.value)" }) }
    if request.path == "/cookie" {
      return lines(Cookies(request.headers).all.map { "\($0.name)=\($0.value)" })
    }
    if !request.body.isEmpty {
      return Response(headers: [.contentType: "application/octet-stream"], body: request.body)
    }
    let allow: HTTPFields = [.allow: methods.map(\.rawValue).joined(separator: ", ")]
    guard methods.contains(request.method) else {
      return Response(status: .methodNotAllowed, headers: allow)
    }
    if request.method == .options { return Response(status: .noContent, headers: allow) }
    guard request.path == "/" else { return Response(status: .notFound) }
    if request.method == .get || request.method == .head { return home.response(to: request) }
    return Response()
  }

  private static func lines(_ lines: [String]) -> Response {
    Response(headers: [.contentType: text], body: Array(lines.map { $0 + "\n" }.joined().utf8))
  }
}
