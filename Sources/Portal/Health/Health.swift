import HTTP
import HTTPTypes
import Logging
import Rules

/// What load balancers, and whoever starts processes again, ask. Neither answer says anything that
/// helps a stranger.
extension Portal {
  /// What is answered on the event loop: files, and whether the process is there at all.
  func immediate(_ request: Request) -> Response? {
    guard let answer = asset(for: request) ?? signOfLife(for: request) else { return nil }
    tally.noteFile()
    log.debug(
      "\(request.method.rawValue) \(loggable(request.path)) \(answer.status.code)")
    return answer
  }

  /// `/healthz` looks at nothing: who is ended and started again for a full disk, or because it has
  /// much to do, is none the better for it.
  private func signOfLife(for request: Request) -> Response? {
    guard request.path == "/healthz", [.get, .head].contains(request.method) else { return nil }
    return .line("alive")
  }

  /// `/readyz`: whether acts can be taken, as far as it is known without trying: a stranger makes
  /// nobody write. The visit itself has been read from the database.
  func sayWhetherReady(_ visit: Visit) async throws -> Response {
    guard lease.isHeld else {
      return .line("not ready: the lease is not held", status: .serviceUnavailable)
    }
    switch storage.lastStanding(in: outside.space(configuration.dataFolder)) {
    case .healthy, .low: return .line("ready")
    case .cannotWrite:
      return .line("not ready: the database can't be written", status: .serviceUnavailable)
    }
  }
}

extension Response {
  /// One line of text, for machines.
  static func line(_ words: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: Array((words + "\n").utf8))
  }
}
