import HTTP
import HTTPTypes

/// Sends whoever comes in the clear on to the port with TLS.
enum HTTPSRedirect {
  /// - Parameter secure: the server with TLS, which is open by then.
  static func server(at place: ListenPlace, to secure: Server) -> Server {
    Server(address: place.address, port: place.port, loops: 1) {
      answer($0, port: secure.port ?? usualPort)
    }
  }

  /// Of `https`, which addresses leave out (RFC 9110 §4.2.2).
  private static let usualPort = 443

  /// 308 keeps the method (RFC 9110 §15.4.9). What acts is not sent on: it has been read by
  /// everybody on the way already, and whoever sent it should know.
  static func answer(_ request: Request, port: Int) -> Response {
    var response = Response(headers: [.contentType: "text/plain; charset=utf-8"])
    guard request.method == .get || request.method == .head, let host = host(of: request) else {
      response.status = .forbidden
      response.body = Array(
        "Nothing was done: this was sent in the clear. Begin the address with https://\n".utf8)
      return response
    }
    let path = request.target.hasPrefix("/") ? request.target : "/"
    response.status = .permanentRedirect
    response.headers[.location] = "https://\(host)\(port == usualPort ? "" : ":\(port)")\(path)"
    return response
  }

  /// Without its port. The core has refused what is none.
  private static func host(of request: Request) -> Substring? {
    guard let host = HTTPField.Name("Host").flatMap({ request.headers[$0] }), !host.isEmpty else {
      return nil
    }
    // Colons of an IPv6 address stand within brackets.
    let end = host.lastIndex(of: "]").map { host.index(after: $0) } ?? host.firstIndex(of: ":")
    return host[..<(end ?? host.endIndex)]
  }
}
