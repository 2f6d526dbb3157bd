import HTTPTypes
import Rules

/// A page of the portal that can be searched for by its name.
struct SearchPlace: Sendable {
  let title: String
  let path: String
  /// Other words that people look for it by.
  let words: String

  private init(_ title: String, _ path: String, _ words: String = "") {
    self.title = title
    self.path = path
    self.words = words
  }

  /// Every page that has a place of its own: those of the navigation, those below them, and the
  /// forms of changes.
  static let all: [SearchPlace] =
    Section.allCases.map { SearchPlace($0.rawValue, $0.path, $0.words) } + below
    + ChangeKind.all.filter(hasPlace).map {
      SearchPlace($0.label, $0.formPath, "change propose \($0.about)")
    }

  /// Whether the form of a kind can be opened by its address alone. That of a run has to know which
  /// workflow.
  private static func hasPlace(_ kind: ChangeKind) -> Bool {
    kind.form != nil || kind.ownPath != nil && kind.id != ChangeKind.workflowDispatch.id
  }

  private static let below = [
    SearchPlace("Your account", "/account", "password sessions sign out"),
    SearchPlace("Second factors", "/account/factors", "passkeys codes recovery 2fa totp"),
    SearchPlace("Your notifications", "/notifications", "mail webhook notices told"),
    SearchPlace("Guards", "/guards", "kinds of change approvals needed rules"),
    SearchPlace("What works and what is missing", "/setup/checks", "setup checks"),
    SearchPlace("Deleted images and files", "/backups/deleted", "media objects bucket bring back"),
    SearchPlace("Request for production access", "/mail/request", "ses sandbox"),
    SearchPlace("Members", "/members", "ghost subscribers newsletters"),
    SearchPlace("Calendar of due dates", "/calendar", "ics address"),
    SearchPlace("Review of the log", "/audit/review", "flagged entries sign period"),
  ]

  /// Whether a person may open it.
  func isOpen(to person: Person) -> Bool {
    let bare = path.prefix { $0 != "?" && $0 != "#" }
    let route = Portal.routes.first { $0.method == .get && $0.pattern == bare }
    guard let route, !isChange || person.may(.propose) else { return false }
    if case .only(let permission) = route.access { return person.may(permission) }
    return true
  }

  private var isChange: Bool { words.hasPrefix("change propose") }

  /// Whether it has all the words, in its name or besides.
  func fits(_ search: SearchWords) -> Bool { search.match("\(title) \(words)") }
}

extension Section {
  /// Other words that people look for it by.
  fileprivate var words: String {
    switch self {
    case .dashboard: "start home overview"
    case .resources: "findings checks health stack"
    case .deployments: "history rollouts releases"
    case .images: "containers rollback ecr"
    case .themes: "upload design"
    case .workflows: "github actions runs ci"
    case .infrastructure: "cloudformation change sets cdk"
    case .mail: "ses sandbox"
    case .scaling: "size tasks cpu memory instance"
    case .costs: "money price bill month"
    case .backups: "restore snapshots"
    case .changes: "approvals proposals"
    case .todos: "tasks left to do due"
    case .people: "team users roles invite"
    case .safety: "freeze emergency policy"
    case .audit: "log entries history"
    }
  }
}
