import Foundation
import HTTP
import Mustache
import Rules

/// One person: role, accounts, sessions, what counts against their approvals, what they have open.
struct PersonPage: Page {
  let problems: [Mistake]
  let typed: Form
  /// The link that was just made, which is shown this once; empty otherwise.
  let link: String
  let record: PersonRecord
  let house: House
  let sessions: [OpenSession]
  /// Until when a link to a password may be used; nil where there is none.
  let linkEndsAt: Moment?
  let changes: [Change]
  let viewer: Person
  let now: Moment

  static let template = "people/show"
  static let section: Section? = .people
  var title: String { record.person.name }

  static let fields: [Field<PersonPage>] = [
    .text("link", { $0.link }),
    .text("account", { $0.problems.isEmpty ? "" : $0.typed.shown("account") }),
    .text("linkEnd", { $0.linkEndsAt?.local ?? "" }),
    .text("number", { String($0.record.person.id) }), .text("name", { $0.record.person.name }),
    .text("login", { $0.record.person.login }), .text("state", { $0.record.state }),
    .text("role", { $0.record.person.role.rawValue.capitalized }),
    .item("tag", { $0.record.tag }),
    .item("since", { TimeLine($0.record.person.roleSince, now: $0.now) }),
    .item("added", { TimeLine($0.record.addedAt, now: $0.now) }),
    .item("seen", { TimeLine($0.record.seenAt, now: $0.now) }),
    .text("sessions", { $0.sessionWords }), .flag("anySession", { !$0.sessions.isEmpty }),
    .list("permissions", { $0.permissions }), .flag("anyPermission", { !$0.permissions.isEmpty }),
    .list("reservations", { $0.reservations }),
    .list("accounts", { page in page.record.accounts.map { AccountLine($0, now: page.now) } }),
    .flag("anyAccount", { !$0.record.accounts.isEmpty }),
    .list("changes", { page in page.changes.map { ChangeLine($0, now: page.now) } }),
    .flag("anyChange", { !$0.changes.isEmpty }),
    .flag("mayLookAfter", { $0.viewer.may(.lookAfterPeople) }), .flag("own", { $0.isOwn }),
    .flag("invitable", { $0.record.isNoted }),
    .flag("enablable", { $0.record.person.isDisabled && !$0.record.isNoted }),
    .flag("disablable", { !$0.record.person.isDisabled && !$0.isOwn }),
    .flag("isNew", { $0.record.isNew }),
    .list(
      "roles",
      { page in
        Role.allCases.map {
          Choice(
            $0.rawValue, $0.rawValue.capitalized, now: $0 == page.record.person.role,
            typed: page.problems.isEmpty ? nil : page.typed["role"])
        }
      }),
  ]

  private var isOwn: Bool { record.person.id == viewer.id }

  private var sessionWords: String {
    switch sessions.count {
    case 0: "Not signed in."
    case 1: "Signed in once."
    default: "Signed in \(sessions.count) times."
    }
  }

  private var permissions: [Sentence] {
    Permission.allCases.filter { record.person.may($0) }.map { Sentence(text: $0.words) }
  }

  /// What counts against their approval, for whose changes.
  private var reservations: [Sentence] {
    guard record.person.role.permissions.contains(.approve) else {
      return [Sentence(text: "The role does not approve.")]
    }
    let all = house.people.filter { $0.id != record.person.id && $0.may(.propose) }.count
    return house.obstacles(to: record.person).map { why, authors in
      let whose =
        authors.count == all
        ? "For nobody's changes" : "Not for those of \(authors.map(\.name).listed(", "))"
      return Sentence(text: "\(whose): \(record.person.name) \(why.words).")
    }
  }

  struct AccountLine: TemplateData {
    let mark: String
    let account: String
    let when: When

    static let fields: [Field<AccountLine>] = [
      .text("mark", { $0.mark }), .text("account", { $0.account }), .item("when", { $0.when }),
    ]

    init(_ account: PersonRecord.LinkedAccount, now: Moment) {
      mark = String(account.number)
      self.account = account.account
      when = When(account.linkedAt, now: now)
    }
  }

  struct ChangeLine: TemplateData {
    let href: String
    let words: String
    let tag: Tag

    static let fields: [Field<ChangeLine>] = [
      .link("href", { $0.href }), .text("words", { $0.words }), .item("tag", { $0.tag }),
    ]

    init(_ change: Change, now: Moment) {
      href = "/changes/\(change.number)"
      words = "CR-\(change.number): \(change.plan.title)"
      tag = Tag(change.state(at: now))
    }
  }
}
