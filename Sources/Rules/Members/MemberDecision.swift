/// What a team has decided about the Members overlay.
public struct MemberDecision: Hashable, Sendable {
  /// What becomes of it.
  public enum Choice: String, CaseIterable, Sendable {
    /// Nobody signs up, and the button goes.
    case disable
    /// It stays, in another form.
    case customise
    /// It stays as it is.
    case keep

    /// In a word or two.
    public var label: String {
      switch self {
      case .disable: "Disable"
      case .customise: "Customise"
      case .keep: "Keep"
      }
    }

    /// What it comes to.
    public var words: String {
      switch self {
      case .disable: "Sign-up is for nobody and the Portal button goes. Who is a member stays one."
      case .customise: "Members stay, with another sign-up, button or address."
      case .keep: "Everything stays as it is."
      }
    }

    /// What the form of the change of settings is filled in with; nil where nothing changes.
    public var form: [String: String]? {
      switch self {
      case .disable: [MemberSetting.access.key: "none", MemberSetting.button.key: "off"]
      case .customise: [:]
      case .keep: nil
      }
    }
  }

  /// What was chosen.
  public let choice: Choice
  /// Who answers for it, by name.
  public let owner: String

  /// A decision.
  public init(choice: Choice, owner: String) {
    self.choice = choice
    self.owner = owner
  }
}

/// What the team has decided about members.
extension AuditEvent {
  /// It was decided what becomes of the Members overlay.
  /// - Parameter owner: the number of the person who answers for it.
  public static func membersDecided(
    site: String, decision: Int64, choice: MemberDecision.Choice, owner: Int64, reason: String
  ) -> AuditEvent {
    AuditEvent(
      "members.decided",
      [
        "site": .string(site), "decision": .integer(decision), "choice": .string(choice.rawValue),
        "about": .integer(owner), "reason": .string(reason),
      ])
  }
}

extension AuditSentence {
  /// What was decided about members; the type itself where it is none of its own.
  static func ofMembers(_ entry: Words) -> String {
    guard entry.type == "members.decided" else { return entry.type }
    return "decided to \(entry.text("choice")) the Members overlay, for which \(entry.about) "
      + "answers" + entry.noted("reason")
  }
}
