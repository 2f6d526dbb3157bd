import AWS
import Foundation
import Rules

/// Why a call to GitHub did not give what was asked of it.
struct GitHubError: CallError {
  enum Reason: Sendable, Equatable {
    /// GitHub answered with an error.
    case refused(status: Int, message: String, needs: String?)
    case transport(TransportProblem)
    /// GitHub's answer can't be understood.
    case unreadable(String)
    /// GitHub asked to be left alone, or every call of the hour is used up.
    case leftAlone(ms: Int64)
    case noToken
  }

  let reason: Reason
  /// The call, `GET /actions/runs`.
  let call: String

  init(_ reason: Reason, _ call: String) {
    self.reason = reason
    self.call = call
  }

  var effect: AWSError.Effect {
    guard !call.hasPrefix("GET ") else { return .none }
    return switch reason {
    case .refused(let status, _, _):
      (400..<500).contains(status) && status != 408 ? .none : .unknown
    case .transport(let problem): problem.wasSent ? .unknown : .none
    case .unreadable: .unknown
    case .leftAlone, .noToken: .none
    }
  }

  /// The status that GitHub refused with; nil where it did not answer.
  var status: Int? { if case .refused(let status, _, _) = reason { status } else { nil } }

  var sentence: String {
    switch reason {
    case .refused(let status, let message, let needs): explained(status, message, needs)
    case .transport(let problem): "GitHub \(call): \(problem.words)"
    case .unreadable(let detail): "GitHub \(call): the answer can't be read: \(detail)."
    case .leftAlone(let ms):
      "GitHub has asked to be left alone. It is asked again in \(Span.words(ms: ms))."
    case .noToken:
      "There is no GitHub token. Put one into a file, name the file as github_token_file of the "
        + "site, and give it Actions (read and write), Contents (read) and Metadata (read)."
    }
  }

  private func explained(_ status: Int, _ message: String, _ needs: String?) -> String {
    switch status {
    case 401:
      return
        "GitHub does not accept the token: it is wrong, revoked or expired. Make a new one and "
        + "put it into the token's file."
    case 403 where reason.isLimit, 429:
      return "GitHub has had too many calls: \(message). Caretaker waits as long as it asks."
    case 403:
      let wanted = needs.map { " Give it “\($0)”." } ?? " Check the token's permissions."
      return "GitHub does not let the token do this (\(call)): \(message).\(wanted)"
    case 404:
      return "GitHub knows nothing at \(call), or the token can't see it. Check the repository's "
        + "name in the configuration and the token's repositories."
    case 410: return "GitHub keeps this no longer: \(message)."
    default: return "GitHub \(call): \(message) (status \(status))."
    }
  }
}

extension GitHubError.Reason {
  /// What an answer with an error means.
  static func of(_ answer: HTTPAnswer) -> GitHubError.Reason {
    struct Body: Decodable { let message: String? }
    let body = try? JSONDecoder().decode(Body.self, from: Data(answer.body))
    let message = SecretScan.redacted(body?.message ?? "HTTP \(answer.status)")
    let trimmed = message.hasSuffix(".") ? String(message.dropLast()) : message
    return .refused(
      status: answer.status, message: String(trimmed.prefix(300)),
      needs: answer.header("X-Accepted-GitHub-Permissions"))
  }

  /// Whether it is a limit on the number of calls rather than a missing permission.
  var isLimit: Bool {
    guard case .refused(let status, let message, _) = self else { return false }
    return status == 429 || (status == 403 && message.lowercased().contains("rate limit"))
  }
}

extension TransportProblem {
  /// What happened, for a person who reads it after the name of the other side.
  var words: String {
    switch kind {
    case .couldNotConnect: "nothing answers there. Check the address and the network."
    case .tls: "its certificate is not accepted, or TLS could not be agreed on."
    case .timedOut:
      wasSent ? "no answer came in time. It may have been done." : "no connection in time."
    case .reset:
      wasSent
        ? "the connection broke before the answer was whole. It may have been done."
        : "the connection broke."
    case .tooLarge: "the answer was longer than Caretaker reads."
    case .cancelled: "the call was given up."
    case .other(let words): "\(words)."
    }
  }
}
