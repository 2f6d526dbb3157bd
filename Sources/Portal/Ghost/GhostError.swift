import AWS
import Foundation
import Rules

/// Why a call to Ghost did not give what was asked of it.
struct GhostError: CallError {
  enum Reason: Sendable {
    /// Ghost answered with an error.
    case refused(status: Int, GhostRefusal)
    case transport(TransportProblem)
    /// Ghost's answer can't be understood.
    case unreadable(String)
    case noKey(SiteSecret)
    /// The key's file is not to be read; the sentence says what is wrong with it.
    case unreadableKey(String)
    /// The key is not one of Ghost's.
    case badKey(SiteSecret)
  }

  let reason: Reason
  /// The call, `POST /themes/upload/`.
  let call: String

  init(_ reason: Reason, _ call: String) {
    self.reason = reason
    self.call = call
  }

  /// What Ghost said no with; nil where it did not answer so.
  var refusal: GhostRefusal? { if case .refused(_, let refusal) = reason { refusal } else { nil } }

  /// The status that Ghost refused with; nil where it did not answer.
  var status: Int? { if case .refused(let status, _) = reason { status } else { nil } }

  /// What is 5xx may have been done all the same: Ghost answers 503 also when it begins to restart.
  /// 501 is how Ghost 5 says that a key may not do this.
  var effect: AWSError.Effect {
    guard !call.hasPrefix("GET ") else { return .none }
    return switch reason {
    case .refused(let status, _):
      (300..<500).contains(status) && status != 408 || status == 501 ? .none : .unknown
    case .transport(let problem): problem.wasSent ? .unknown : .none
    case .unreadable: .unknown
    case .noKey, .unreadableKey, .badKey: .none
    }
  }

  var sentence: String {
    switch reason {
    case .refused(let status, let refusal): explained(status, refusal)
    case .transport(let problem): "Ghost \(call): \(problem.words)"
    case .unreadable(let detail): "Ghost \(call): the answer can't be read: \(detail)."
    case .noKey(let secret):
      "There is no \(secret.name). Put one into a file and name the file as \(secret.key) of the "
        + "site. Ghost shows it under Settings, Integrations (or, for a staff access token, in a "
        + "person's profile)."
    case .unreadableKey(let sentence): sentence
    case .badKey(let secret):
      "The \(secret.name) is not one of Ghost's: they are 24 hexadecimal digits, a colon and 64 "
        + "more. Copy it anew."
    }
  }

  private func explained(_ status: Int, _ refusal: GhostRefusal) -> String {
    switch status {
    case 401 where refusal.message.contains("expired") || refusal.message.contains("maxAge"):
      return "Ghost finds the token too old: this machine's clock differs from Ghost's. Set it by "
        + "NTP."
    case 401: return "Ghost does not accept the key: \(refusal.words)"
    case 403 where refusal.isOfKey, 501:
      return "The key may not do this (\(call)): an integration's key can't, a staff access token "
        + "can. Name the file of an administrator's as ghost_staff_token_file of the site. Ghost "
        + "says: \(refusal.words)"
    case 503: return "Ghost is starting or being maintained (\(call)): \(refusal.words)"
    case 300..<400:
      return "Ghost sends \(call) on to another address. Check ghost_url: it is to be the address "
        + "of the admin pages."
    default: return "Ghost \(call): \(refusal.words)"
    }
  }
}

/// An error in the one form Ghost gives all of its own.
struct GhostRefusal: Sendable, Equatable {
  /// The kind, `ThemeValidationError`.
  var type = ""
  var message = ""
  /// The real cause, where `message` only says what failed.
  var context = ""
  var help = ""
  /// Finds the error in Ghost's own log.
  var id = ""
  /// What is wrong with a theme, a line each.
  var details: [String] = []

  /// Whether it is about what a kind of key may do, not about what was asked.
  var isOfKey: Bool { message.contains("API tokens") || type == "NoPermissionError" }

  /// Everything in one line.
  var words: String {
    let parts = [message, context, help].filter { !$0.isEmpty }
    let all = parts.map { $0.hasSuffix(".") ? $0 : $0 + "." } + details
    return (all + (id.isEmpty ? [] : ["(Ghost's reference \(id).)"])).joined(separator: " ")
  }
}

extension GhostError.Reason {
  /// What an answer with an error means.
  static func of(_ answer: HTTPAnswer) -> GhostError.Reason {
    struct Failure: Decodable { let ref: String?, message: String? }
    struct Rule: Decodable { let rule: String?, failures: [Failure]? }
    struct Details: Decodable { let errors: [Rule]? }
    struct Entry: Decodable {
      let type: String?, message: String?, context: String?, help: String?, id: String?
      let details: Details?
    }
    struct Body: Decodable { let errors: [Entry] }
    let body = try? JSONDecoder().decode(Body.self, from: Data(answer.body))
    guard let first = body?.errors.first else {
      return .refused(status: answer.status, GhostRefusal(message: "HTTP \(answer.status)"))
    }
    let details = (first.details?.errors ?? []).map { rule in
      let files = (rule.failures ?? []).compactMap(\.ref).joined(separator: ", ")
      let words = GhostPage.shown(rule.rule ?? "")
      return files.isEmpty ? words : "\(words) (\(GhostPage.shown(files)))"
    }
    return .refused(
      status: answer.status,
      GhostRefusal(
        type: first.type ?? "", message: GhostPage.shown(first.message ?? ""),
        context: GhostPage.shown(first.context ?? ""), help: GhostPage.shown(first.help ?? ""),
        id: GhostPage.shown(first.id ?? ""), details: details))
  }
}
