import Foundation
import HTTP
import HTTPTypes
import Mustache
import Rules

/// Everybody, and what each role may do.
struct PeoplePage: Page {
  let problems: [Mistake]
  let invitee: Invitee
  let records: [PersonRecord]
  let heads: [SortHead]
  let mayLookAfter: Bool
  let now: Moment

  static let template = "people/index"
  static let section: Section? = .people
  var title: String { "People" }

  static let fields: [Field<PeoplePage>] = [
    .text("state", { $0.state }),
    .list("people", { page in page.records.map { PersonLine($0, now: page.now) } }),
    .list("roleHeads", { _ in Role.allCases.map { Sentence(text: $0.rawValue.capitalized) } }),
    .list("permissions", { _ in Permission.allCases.map(PermissionLine.init) }),
    .list("heads", { $0.heads }), .flag("mayLookAfter", { $0.mayLookAfter }),
    .text("login", { $0.invitee.login }), .text("name", { $0.invitee.name }),
    .list(
      "roles",
      { page in
        Role.allCases.map {
          Choice(
            value: $0.rawValue, label: $0.rawValue.capitalized,
            isSelected: $0.rawValue == page.invitee.role)
        }
      }),
  ]

  private var state: String {
    let active = records.filter(\.person.isActive).count
    let waiting = records.filter { $0.isNoted || !$0.person.isDisabled && $0.isNew }.count
    return "\(active) of \(records.count) can sign in"
      + (waiting == 0 ? "." : ", \(waiting) still to come.")
  }

  /// Who is to be invited, as typed.
  struct Invitee {
    var login = ""
    var name = ""
    var role = Role.viewer.rawValue
  }

  struct PersonLine: TemplateData {
    let href: String
    let name: String
    let login: String
    let role: String
    let tag: Tag
    let seen: TimeLine
    let since: TimeLine
    let accounts: String

    static let fields: [Field<PersonLine>] = [
      .link("href", { $0.href }), .text("name", { $0.name }), .text("login", { $0.login }),
      .text("role", { $0.role }), .item("tag", { $0.tag }), .item("seen", { $0.seen }),
      .item("since", { $0.since }), .text("accounts", { $0.accounts }),
    ]

    init(_ record: PersonRecord, now: Moment) {
      href = "/people/\(record.person.id)"
      name = record.person.name
      login = record.person.login
      role = record.person.role.rawValue.capitalized
      tag = record.tag
      seen = TimeLine(record.seenAt, now: now)
      since = TimeLine(record.person.roleSince, now: now)
      accounts = record.accounts.map(\.account).joined(separator: ", ")
    }
  }

  struct PermissionLine: TemplateData {
    let words: String
    let cells: [Cell]

    static let fields: [Field<PermissionLine>] = [
      .text("words", { $0.words }), .list("cells", { $0.cells }),
    ]

    init(_ permission: Permission) {
      words = permission.words.prefix(1).uppercased() + permission.words.dropFirst()
      cells = Role.allCases.map {
        Cell(role: $0.rawValue.capitalized, may: $0.permissions.contains(permission))
      }
    }
  }

  struct Cell: TemplateData {
    let role: String
    let may: Bool
    static let fields: [Field<Cell>] = [.text("role", { $0.role }), .flag("may", { $0.may })]
  }
}

/// A time that may not be known.
struct TimeLine: TemplateData {
  let when: When?
  static let fields: [Field<TimeLine>] = [.item("when", { $0.when })]

  init(_ moment: Moment?, now: Moment) { when = moment.map { When($0, now: now) } }
}

extension Portal {
  /// Everybody, and what each role may do.
  func listPeople(_ visit: Visit) async throws -> Response {
    try await people(problems: [], asked: PeoplePage.Invitee(), visit)
  }

  /// The page of everybody, also with why nobody was invited.
  func people(
    problems: [Mistake], asked: PeoplePage.Invitee, _ visit: Visit
  ) async throws -> Response {
    // Of an erased person nothing is left to tell.
    let records = try await storage.read { db in
      try PersonStore.records(in: db).filter { $0.person.login != Erasure.name(of: $0.person.id) }
    }
    let sorting = Sorting.ofPeople(visit)
    return page(
      PeoplePage(
        problems: problems, invitee: asked, records: sorting.sorted(records), heads: sorting.heads,
        mayLookAfter: try visit.person.may(.lookAfterPeople), now: visit.now),
      for: visit)
  }
}

extension Sorting<PersonRecord> {
  /// The order of everybody.
  static func ofPeople(_ visit: Visit) -> Self {
    Sorting(
      [
        Column("Person", "name") { $0.person.name.lowercased() },
        Column("State", "state") { $0.tag.word },
        Column("Role", "role") { $0.person.role.rawValue },
        Column("Since", "since") { $0.person.roleSince.ms },
        Column("Last seen", "seen") { $0.seenAt?.ms ?? .min }, Column("Accounts elsewhere"),
      ], path: "/people", asked: visit)
  }
}
