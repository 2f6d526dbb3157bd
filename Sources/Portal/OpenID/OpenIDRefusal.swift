import OpenID
import Rules

/// Why nobody was signed in through OpenID.
enum OpenIDRefusal: Error, Equatable {
  /// No sign-in of this browser waits for the answer.
  case lost
  /// The provider said no, by the code of its answer.
  case answered(String)
  /// The provider could not be asked, or said what can't be read; what, in a sentence.
  case unreachable(String)
  /// What came is not the provider's word for this sign-in; why, in a few words.
  case untrusted(String)
  /// Another's answer in the provider's place.
  case otherIssuer
  case noRole
  case disabled
  case ambiguous

  /// Why a token was not believed.
  init(_ problem: IDTokenProblem) { self = .untrusted(problem.why) }

  /// What happened, why, and what to do.
  var sentence: String {
    switch self {
    case .lost:
      "This sign-in was begun in another browser, was used already, or took longer than ten "
        + "minutes. Begin again."
    case .answered("access_denied"):
      "The provider did not let you go on, or you said no there. Begin again, or ask whoever "
        + "looks after accounts there."
    case .answered("temporarily_unavailable"), .answered("server_error"):
      "The provider has trouble of its own now. Begin again in a few minutes."
    case .answered("invalid_client"), .answered("unauthorized_client"):
      "The provider does not accept Caretaker's client or its secret. Whoever runs this server "
        + "checks client_id and client_secret_file."
    case .answered:
      "The provider refused this sign-in. Begin again; if it stays so, whoever runs this server "
        + "finds its answer in the log."
    case .unreachable(let why):
      "\(why) Sign in with a password if you have one, or try again in a few minutes."
    case .untrusted, .otherIssuer:
      "What the provider answered could not be verified, so it was not believed. Begin again; if "
        + "it stays so, tell whoever runs this server."
    case .noRole:
      "None of your groups there has a role here, so your sessions have ended. Ask whoever looks "
        + "after groups there, or an administrator here."
    case .disabled: "You were disabled here. Ask an administrator."
    case .ambiguous:
      "Two people here are linked to your account, so nobody can tell which of them you are. Ask "
        + "whoever runs this server to take one link away."
    }
  }

  /// Why in a few words, for the log. Nothing of what the provider or a browser sent is in it.
  var entry: String {
    switch self {
    case .lost: "no sign-in waited for the answer"
    case .answered: "the provider refused"
    case .unreachable: "the provider could not be asked"
    case .untrusted(let why): why
    case .otherIssuer: "the answer names another issuer"
    case .noRole: "no group has a role"
    case .disabled: "the person is disabled"
    case .ambiguous: "two people are linked to the account"
    }
  }

  /// Whether the audit log keeps it: the provider had vouched for somebody, or seemed to. What
  /// anybody can bring about without an account there would fill it.
  var isLogged: Bool {
    switch self {
    case .lost, .answered, .unreachable, .otherIssuer: false
    case .untrusted, .noRole, .disabled, .ambiguous: true
    }
  }
}

extension OpenIDRefusal: SpokenError {}
