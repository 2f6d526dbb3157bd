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
    /// The token's file is not to be read; the sentence says what is wrong with it.
    case badToken(String)
    /// The repository has another name or place.
    case moved
    /// GitHub took a dispatch, and no run carries its mark yet.
    case noRun(mark: String)
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
    case .unreadable, .noRun: .unknown
    case .leftAlone, .noToken, .badToken, .moved: .none
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
    case .badToken(let sentence): sentence
    case .moved:
      "GitHub \(call): the repository has another name or place now. Put it into the "
        + "configuration as repository."
    case .noRun(let mark):
      "GitHub took the call, and no run has the mark \(mark) in its title yet."
    }
  }

  /// What to do about the refusals of a dispatch that people meet.
  private static func advice(on message: String) -> String {
    let known = [
      ("workflow_dispatch' trigger", "Add “workflow_dispatch” below “on” in its file on main."),
      ("disabled workflow", "Enable the workflow on GitHub: Actions, the workflow, Enable."),
      ("No ref found", "GitHub runs a branch or a tag here, never a commit."),
      ("Unexpected inputs", "The file has other inputs now: preview it again."),
      ("not in the list", "The file has other choices now: preview it again."),
    ]
    return known.first { message.contains($0.0) }?.1 ?? "Nothing was begun."
  }

  private func explained(_ status: Int, _ message: String, _ needs: String?) -> String {
    switch status {
    case 401:
      return
        "GitHub does not accept the token: it is wrong, revoked or expired. Make a new one and "
        + "put it into the token's file."
    case 403 where reason.isLimit, 429:
      return "GitHub has had too many calls: \(message). Caretaker waits as long as it asks."
    case 403 where needs == nil && !message.contains("not accessible"):
      return "GitHub refuses this (\(call)): \(message)."
    case 403:
      let wanted = needs.map { " Give it \(GitHubPermission.words($0))." }
      return "GitHub does not let the token do this (\(call)): \(message)."
        + (wanted ?? " Check the token's permissions.")
    case 404:
      return "GitHub knows nothing at \(call), or the token can't see it. Check the repository's "
        + "name in the configuration and the token's repositories."
    case 409: return "GitHub can't do this now: \(message)."
    case 410: return "GitHub keeps this no longer: \(message)."
    case 422: return "GitHub does not take this: \(message). \(Self.advice(on: message))"
    default: return "GitHub \(call): \(message) (status \(status))."
    }
  }
}

/// The body of a refusal: `{"message", "errors": ["…"]}` or, with more said,
/// `{"message", "errors": [{"resource", "field", "code", "message"}]}` ("Troubleshooting the REST
/// API").
private struct Refused: Decodable {
  struct Fault: Decodable {
    let words: String

    private enum CodingKeys: CodingKey { case resource, field, code, message }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        words = text
        return
      }
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let parts = try [CodingKeys.resource, .field, .code].compactMap {
        try values.decodeIfPresent(String.self, forKey: $0)
      }
      words =
        try values.decodeIfPresent(String.self, forKey: .message)
        ?? parts.joined(separator: " ")
    }
  }

  let message: String
  let errors: [Fault]?

  /// All of it on one line.
  var words: String {
    ([message] + (errors ?? []).map(\.words)).flatMap { $0.split(whereSeparator: \.isNewline) }
      .joined(separator: " ")
  }
}

extension GitHubError.Reason {
  /// What an answer with an error means.
  static func of(_ answer: HTTPAnswer) -> GitHubError.Reason {
    let body = try? JSONDecoder().decode(Refused.self, from: Data(answer.body))
    let message = SecretScan.redacted(body?.words ?? "HTTP \(answer.status)")
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
