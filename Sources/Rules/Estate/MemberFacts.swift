/// What was read of Ghost's settings that decide who becomes a member, and whom mail is from.
public struct MemberFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.members

  /// The settings by Ghost's own keys, each value in words: `members_signup_access`, `portal_…`.
  public var values: [String: String]
  /// Whether staff who sign in from a new device have to type a code that Ghost mails; nil where
  /// Ghost does not tell.
  public var verifiesDevices: Bool?

  /// Facts, as read.
  public init(values: [String: String], verifiesDevices: Bool? = nil) {
    self.values = values
    self.verifiesDevices = verifiesDevices
  }

  /// Whether a setting is among those that are kept.
  public static func keeps(_ key: String) -> Bool {
    key.hasPrefix("portal_") || kept.contains(key)
  }

  private static let kept: Set<String> = [
    MemberSetting.access.key, MemberSetting.supportAddress.key, "default_email_address",
    "support_email_address", "require_email_mfa",
  ]

  /// Who may become a member.
  public var access: MemberAccess? { MemberAccess(rawValue: values["members_signup_access"] ?? "") }
  /// Whether anybody new may become a member.
  public var isOpen: Bool? { access.map { $0 != .none } }
  /// Whether the floating Portal button is shown.
  public var showsButton: Bool? { values["portal_button"].map { $0 == "true" } }
  /// The address Ghost mails as, as it has worked it out itself.
  public var mailsAs: String? { values["default_email_address"].flatMap { $0.isEmpty ? nil : $0 } }

  /// The address that members see as whom to ask, after Ghost's own rules: `noreply` is completed
  /// with the sender's domain, none is the sender itself (settings-helpers.js of TryGhost/Ghost).
  public var supportAddress: String {
    let told = values["support_email_address"] ?? ""
    guard told.isEmpty else { return told }
    let own = values["members_support_address"] ?? ""
    guard own == "noreply", let domain = mailsAs?.split(separator: "@").last else { return own }
    return "noreply@\(domain)"
  }
}

/// Who may become a member, as Ghost's setting `members_signup_access` has it.
public enum MemberAccess: String, CaseIterable, Sendable {
  /// Nobody: members are off.
  case none
  /// Whom the staff invites.
  case invite
  /// Who pays; newer versions of Ghost alone know it.
  case paid
  /// Anybody.
  case all

  /// In words, as they stand behind “Sign-up is for”.
  public var words: String {
    switch self {
    case .none: "nobody"
    case .invite: "people who are invited"
    case .paid: "people who pay"
    case .all: "anybody"
    }
  }

  /// Whether it lets in people whom another one keeps out.
  public func isWider(than other: MemberAccess) -> Bool { rank > other.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A setting of members that a change may set.
public enum MemberSetting: String, CaseIterable, Sendable {
  /// Who may become a member.
  case access = "members_signup_access"
  /// Whether the floating Portal button is shown.
  case button = "portal_button"
  /// The address members see as whom to ask.
  case supportAddress = "members_support_address"

  /// Ghost's key of it.
  public var key: String { rawValue }

  /// The setting as people call it.
  public var label: String {
    switch self {
    case .access: "Sign-up"
    case .button: "Portal button"
    case .supportAddress: "Support address"
    }
  }
}
