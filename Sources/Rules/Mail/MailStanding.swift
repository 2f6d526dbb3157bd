/// How the account stands with SES, and what that asks of people.
public enum MailStanding: String, CaseIterable, Sendable {
  /// In the sandbox, and nobody has asked.
  case sandbox
  /// AWS reviews the request.
  case pending
  /// Out of the sandbox.
  case granted
  /// AWS has said no.
  case denied
  /// The request did not reach AWS's people.
  case failed

  /// The standing that the account's answer means.
  public init(_ facts: MailFacts) {
    if facts.productionAccess {
      self = .granted
    } else {
      switch facts.review {
      case "PENDING": self = .pending
      case "DENIED": self = .denied
      case "FAILED": self = .failed
      default: self = .sandbox
      }
    }
  }

  /// In a word or two.
  public var words: String {
    switch self {
    case .sandbox: "Sandbox"
    case .pending: "Under review"
    case .granted: "Production"
    case .denied: "Denied"
    case .failed: "Not received"
    }
  }

  /// How bad that is.
  public var health: Health {
    switch self {
    case .granted: .good
    case .pending: .attention
    case .sandbox, .denied, .failed: .danger
    }
  }

  /// What to do now, one sentence each.
  public var advice: [String] {
    switch self {
    case .sandbox:
      [
        "Work off the checklist first: requests that leave questions open are denied.",
        "Then write the request, and have a second person approve it.",
      ]
    case .pending:
      [
        "AWS answers within about a day, often with questions: how often you send, where the "
          + "addresses come from, what becomes of bounces and complaints, and a sample.",
        "Answer in the support case, and note here what was asked and answered.",
      ]
    case .granted:
      [
        "Send a test mail to an address of your own that is not verified.",
        "Sign in as staff from a private window, and have a reader sign up.",
        "Open sign-up again if it was closed, and take back what was done for the sandbox.",
        "Watch bounces and complaints for the first days.",
      ]
    case .denied:
      [
        "Read AWS's answer in the support case and note it here.",
        "Mend what it names, then answer in that case: a new request is not taken while it stands.",
        "AWS often gives no reason. Say more of who gets mail, how they asked for it, and show "
          + "samples.",
      ]
    case .failed:
      [
        "AWS made no case of it, through a fault of its own. Send the same request again."
      ]
    }
  }

  /// What the sandbox breaks in Ghost.
  public static let broken = [
    "Staff who sign in from a new device get no code, and can be locked out.",
    "Members get no sign-in link and nobody can sign up: Ghost shows them an error.",
    "Invitations and password resets do not arrive, except at addresses that are verified.",
  ]

  /// What production access does not give.
  public static let newsletters =
    "Newsletters are not sent through SES: Ghost sends them through Mailgun alone. The request is "
    + "for transactional mail."
}
