import ChildProcess
import Foundation
import Testing

@testable import AWS

/// Whose certificates are believed: those of the authorities, for their host and their time.
@Suite(.serialized) struct TLSTests {
  /// Four servers by Python's own TLS, each with another certificate; the first line they print has
  /// their ports and the authority's file.
  private static let script = """
    import http.server, json, pathlib, ssl, sys, tempfile, threading
    from ghost.certificates import Authority
    folder = pathlib.Path(tempfile.mkdtemp())
    other = folder / "other"
    other.mkdir()
    ours, theirs = Authority(folder), Authority(other)
    contexts = {
        "right": ours.context(),
        "expired": ours.context(days=-1),
        "self-signed": theirs.context(),
    }
    ports = {}
    for name, context in contexts.items():
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ports[name] = str(server.server_address[1])
    print(json.dumps(ports | {"ca": str(folder / "ca.pem")}), flush=True)
    sys.stdin.read()
    """

  @Test func `a certificate is believed for its host, in its time, from an authority, alone`()
    async throws
  {
    let process = try DemoCloud.python(["-c", Self.script])
    let servers = try JSONDecoder().decode(
      [String: String].self, from: Data(try process.line().utf8))
    let transport = Transport()
    defer { transport.shutdown() }
    func kind(_ server: String, host: String, authorities: String?) async -> TransportProblem? {
      let port = servers[server] ?? ""
      let call = HTTPCall(
        method: "GET", url: "https://\(host):\(port)/", authorities: authorities,
        connectTo: "127.0.0.1:\(port)")
      do throws(TransportProblem) {
        _ = try await transport.send(call)
        return nil
      } catch {
        return error
      }
    }
    let host = "blog.example.com"
    let refused = TransportProblem(.tls, wasSent: false)
    #expect(await kind("right", host: host, authorities: servers["ca"]) == nil)
    #expect(await kind("right", host: "other.example.com", authorities: servers["ca"]) == refused)
    #expect(await kind("expired", host: host, authorities: servers["ca"]) == refused)
    #expect(await kind("self-signed", host: host, authorities: servers["ca"]) == refused)
    // Without a file of one's own the machine's authorities count, and they know none of these.
    #expect(await kind("right", host: host, authorities: nil) == refused)
  }
}
