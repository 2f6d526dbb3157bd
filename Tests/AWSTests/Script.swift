import Cryptography
import Foundation

@testable import AWS

/// Answers prepared beforehand, with a clock that only waiting moves.
final class Script: Sendable {
  enum Line: Sendable {
    case answer(HTTPAnswer)
    case problem(TransportProblem)
  }

  private struct State {
    var lines: [Line]
    var calls: [HTTPCall] = []
    var waits: [Int64] = []
    var nowMs: Int64 = 1_000_000_000_000
  }

  private let state: Locked<State>

  init(_ lines: [Line]) { state = Locked(State(lines: lines)) }

  var calls: [HTTPCall] { state.withLock(\.calls) }
  var waits: [Int64] { state.withLock(\.waits) }
  var nowMs: Int64 {
    get { state.withLock(\.nowMs) }
    set { state.withLock { $0.nowMs = newValue } }
  }

  var time: Time {
    Time(
      nowMs: { self.nowMs },
      sleep: { ms in
        self.state.withLock {
          $0.waits.append(ms)
          $0.nowMs += ms
        }
      })
  }

  /// A client that gets these answers. The last line is repeated for ever.
  func client(
    region: String = "us-west-2", credentials: (any CredentialsSource)? = nil,
    random: Double = 0.5, endpoint: String? = nil,
    clean: @escaping @Sendable (String) -> String = { $0 }
  ) -> Client {
    Client(
      region: region, credentials: credentials ?? DemoCloud.credentials, endpoint: endpoint,
      time: time, clean: clean, random: { random }, send: send)
  }

  func send(_ call: HTTPCall) async throws(TransportProblem) -> HTTPAnswer {
    let line = state.withLock { state in
      state.calls.append(call)
      return state.lines.count > 1 ? state.lines.removeFirst() : state.lines[0]
    }
    switch line {
    case .answer(let answer): return answer
    case .problem(let problem): throw problem
    }
  }
}

extension Script.Line {
  /// An answer in text.
  static func text(_ status: Int, _ body: String, _ headers: [HTTPHeader] = []) -> Script.Line {
    .answer(HTTPAnswer(status: status, headers: headers, body: Array(body.utf8)))
  }

  /// An error as JSON services write it.
  static func error(_ status: Int, _ code: String, _ headers: [HTTPHeader] = []) -> Script.Line {
    text(status, #"{"__type": "com.amazonaws.x#\#(code)", "message": "said"}"#, headers)
  }

  static let identity = text(
    200,
    """
    <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <GetCallerIdentityResult><Arn>arn:aws:iam::1:user/a</Arn><Account>1</Account>
      </GetCallerIdentityResult></GetCallerIdentityResponse>
    """)
}
