import Mustache
import Rules

/// What stands around every page: navigation, the person, banners, the foot.
struct Frame: TemplateData {
  let title: String
  let siteName: String
  let isDemo: Bool
  let person: PersonLine?
  let navigation: [NavigationLine]
  let unknown: [UnknownLine]
  let emergencies: [Sentence]
  let notices: [Sentence]
  let message: String
  let following: String
  let version: String
  let age: String
  let log: String
  let reference: String
  /// Where the page is, who looks at it and when, for paper.
  let printed: String
  /// Whether browsers make passkeys for this portal.
  let hasPasskeys: Bool
  /// What a passkey may answer, another one each time.
  let passkeyOffer: @Sendable () -> String

  static let fields: [Field<Frame>] = [
    .text("title", { $0.title }),
    .text("site", { $0.siteName }),
    .flag("demo", { $0.isDemo }),
    .item("person", { $0.person }),
    .list("navigation", { $0.navigation }),
    .list("unknown", { $0.unknown }),
    .list("openEmergencies", { $0.emergencies }),
    .list("notices", { $0.notices }),
    .text("message", { $0.message }),
    .text("following", { $0.following }),
    .text("version", { $0.version }),
    .text("age", { $0.age }),
    .text("log", { $0.log }),
    .flag("hasReference", { !$0.reference.isEmpty }), .text("reference", { $0.reference }),
    .text("printed", { $0.printed }),
    .text("ownTheme", { $0.person?.ownTheme?.rawValue ?? "" }),
    .text("barColour", { $0.person?.ownTheme?.barColour ?? "" }),
    .flag("keysOff", { $0.person?.hasShortcuts == false }),
    .text("formToken", { $0.person?.formToken ?? "" }),
    .flag("asksFactor", { $0.person?.factors.isEmpty == false }),
    .flag("asksCode", { $0.person?.factors.contains(.code) == true }),
    .flag("asksPasskey", { $0.person?.factors.contains(.passkey) == true }),
    .flag("makesPasskeys", { $0.hasPasskeys }),
    .text("passkeyOffer", { $0.passkeyOffer() }),
    .flag("signsInElsewhere", { $0.person?.signsInElsewhere == true }),
  ]

  struct PersonLine: TemplateData {
    let name: String
    let role: String
    let formToken: String
    let factors: Set<FactorKind>
    let signsInElsewhere: Bool
    /// The theme they chose in place of the device's.
    let ownTheme: Theme?
    let hasShortcuts: Bool
    static let fields: [Field<PersonLine>] = [
      .text("name", { $0.name }), .text("role", { $0.role }),
    ]
  }

  struct NavigationLine: TemplateData {
    let href: String
    let label: String
    let count: String
    /// What the count counts: "waiting".
    var counted = "waiting"
    /// `danger` when it is late.
    var tone = ""
    /// What is pressed after g to go there.
    var key = ""
    let isCurrent: Bool
    static let fields: [Field<NavigationLine>] = [
      .link("href", { $0.href }), .text("label", { $0.label }), .text("count", { $0.count }),
      .text("counted", { $0.counted }), .text("tone", { $0.tone }),
      .text("key", { $0.key }), .flag("current", { $0.isCurrent }),
    ]
  }

  struct UnknownLine: TemplateData {
    let href: String
    let name: String
    static let fields: [Field<UnknownLine>] = [
      .link("href", { $0.href }), .text("name", { $0.name }),
    ]
  }
}

/// The frame's own figures, read in the same transaction as the session.
struct Surroundings: Sendable {
  /// Numbers of changes whose outcome is unknown.
  var unknown: [Int64] = []
  /// Emergencies that go on, one sentence each.
  var emergencies: [String] = []
  /// Changes that wait for somebody.
  var waiting: Int = 0
  /// What is left to do.
  var todos = TodoCount()
  /// When the resources were last polled.
  var polledAt: Moment? = nil
  /// What keeps guarded runs from being begun, or soon will.
  var notices: [String] = []
  /// How the review of the log stands, for those who review.
  var review: ReviewStanding? = nil
  /// How much of the log is anchored, in words.
  var log = ""
}

/// What a redirect says on the next page: a code in the query, so that showing it changes nothing.
enum Message: String {
  case proposed, ready, revised, approved, rejected, withdrawn, revoked, running, found
  case voteWithdrawn = "vote-withdrawn"
  case drafted, dropped, done, frozen, emergency, reviewed, signed, accepted, tested
  case themeKept = "theme-kept"
  case themeKnown = "theme-known"
  case themeRemoved = "theme-removed"
  case acceptanceEnded = "acceptance-ended"
  case noted
  case requestKept = "request-kept"
  case todoSaved = "todo-saved"
  case snoozed, reopened
  case noticesChosen = "notices-chosen"
  case noticesTested = "notices-tested"
  case noticeRetried = "notice-retried"
  case choicesKept = "choices-kept"
  case calendarEnded = "calendar-ended"
  case decided
  case factorRemoved = "factor-removed"
  case codesRemoved = "codes-removed"
  case passkeyAdded = "passkey-added"
  case passkeyRemoved = "passkey-removed"
  case accountLinked = "account-linked"
  case noteEnded = "note-ended"
  case sessionsEnded = "sessions-ended"
  case viewSaved = "view-saved"
  case viewRemoved = "view-removed"
  case passwordChosen = "password-chosen"
  case signedOut = "signed-out"
  case roleLowered = "role-lowered"
  case roleNotRaised = "role-not-raised"
  case roleKept = "role-kept"

  var sentence: String {
    switch self {
    case .proposed: "Proposed. Somebody else has to approve it now."
    case .ready: "Ready. It needs no approval: press Run when the moment is right."
    case .revised: "Edited. Every vote so far is void; somebody else has to approve it anew."
    case .voteWithdrawn: "Your approval is taken back."
    case .revoked: "Stopped. It can't be run any more."
    case .drafted: "Drafted. Preview it, then propose it."
    case .dropped: "The draft is dropped."
    case .done: "Done. It is off the list."
    case .frozen: "The freeze is set."
    case .emergency: "The emergency is declared. Every page says so, and somebody else reviews it."
    case .reviewed: "Your review is recorded."
    case .approved: "Approved. Press Run when the moment is right."
    case .rejected: "Rejected. The requester sees why."
    case .withdrawn: "Withdrawn."
    case .running: "Running. This page follows it."
    case .found: "Your finding is recorded."
    case .accepted: "Accepted. It is red again from that day on."
    case .acceptanceEnded: "It is not accepted any more."
    case .tested: "Recorded. The log has it too."
    case .themeKept: "It is in the library. Nothing was sent to Ghost."
    case .themeKnown: "The library has this very archive already. Nothing was sent to Ghost."
    case .themeRemoved: "The version is removed from the library. Ghost was not touched."
    case .noted: "Noted."
    case .requestKept: "Kept. Nothing was sent to AWS: check it, then preview and propose it."
    case .todoSaved: "Saved. The log has it too."
    case .snoozed: "Snoozed. It is back on that day; evidence still closes it."
    case .reopened: "It is open again."
    case .noticesChosen: "Kept. It holds from the next notice on."
    case .noticeRetried: "It is tried again now. What becomes of it stands below."
    case .choicesKept: "Kept. This page shows them already."
    case .calendarEnded: "The address has ended. A calendar program that has it reads nothing more."
    case .noticesTested: "The test is on its way. What becomes of it stands below."
    case .decided: "Recorded. The log has it too. No setting was changed."
    case .accountLinked: "Linked. Whoever holds it too counts as the same person."
    case .noteEnded: "Forgotten. Name and login are erased; nobody can let them in any more."
    case .sessionsEnded: "Ended. Who was signed in there has to sign in again."
    case .passwordChosen: "The password is yours now. Every session from before has ended."
    case .viewSaved: "Kept. It stands above the filters, for you alone."
    case .viewRemoved: "The view is removed. What it showed is still there."
    case .signed: "Signed. The next period begins behind it."
    case .factorRemoved:
      "The second factor is removed. Your other sessions have ended; the password alone signs in."
    case .codesRemoved:
      "The codes of the app are removed. Your other sessions have ended; your passkeys stay."
    case .passkeyAdded: "The passkey is yours. Your other sessions have ended."
    case .passkeyRemoved: "The passkey is removed. Your other sessions have ended."
    case .signedOut: "You are signed out."
    case .roleLowered:
      "Your groups give you less than before, so your role here is lower from now on."
    case .roleNotRaised:
      "Your groups give another role than you have here. More is given by a guarded change alone: "
        + "ask an administrator to propose it under Safety."
    case .roleKept:
      "Your groups give a lower role. You keep yours as the only administrator who can sign in; "
        + "make somebody else administrator."
    }
  }
}
