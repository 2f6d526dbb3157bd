import HTTPTypes
import Rules

/// A page of the portal that can be searched for by its name.
struct SearchPlace: Sendable {
  let title: String
  let path: String
  /// What it says of itself.
  let about: String
  /// Other words that people look for it by.
  private let words: String

  private init(_ title: String, _ path: String, _ words: String = "", about: String = "") {
    self.title = title
    self.path = path
    self.words = words
    self.about = about
  }

  /// Every page that has a place of its own: those of the navigation and those below them.
  static let pages: [SearchPlace] =
    Section.allCases.map { SearchPlace($0.rawValue, $0.path, $0.words) } + below

  /// The forms of changes, each with what it changes.
  static let forms: [SearchPlace] = ChangeKind.all.filter(hasPlace).map {
    SearchPlace($0.label, $0.formPath, $0.id, about: $0.about)
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
    SearchPlace("What is unsafe, works or is missing", "/setup/checks", "setup self checks"),
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
    guard let route, case .only(let permission) = route.access else { return route != nil }
    return person.may(permission)
  }

  /// Whether it has all the words, in its name or besides.
  func fits(_ search: SearchWords) -> Bool { search.match("\(title) \(words) \(about)") }
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
