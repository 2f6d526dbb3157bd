import Foundation
import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

/// A person's own account: the password, and where they are signed in.
struct AccountPage: Page {
  let problems: [Mistake]
  let record: PersonRecord
  let sessions: [OpenSession]
  /// The hash of the token of the session that looks.
  let current: [UInt8]?
  let hasFactor: Bool
  let now: Moment

  static let template = "account/show"
  static let section: Section? = nil
  var title: String { "Your account" }

  static let fields: [Field<AccountPage>] = [
    .text("name", { $0.record.person.name }),
    .text("login", { $0.record.person.login }),
    .text("number", { String($0.record.person.id) }),
    .text("role", { $0.record.person.role.rawValue.capitalized }),
    .item("since", { TimeLine($0.record.person.roleSince, now: $0.now) }),
    .list("sessions", { page in page.sessions.map { SessionLine($0, page) } }),
    .text("lengthMin", { String(Passwords.lengthMin(hasFactor: $0.hasFactor)) }),
    .flag("anyOther", { $0.sessions.count > 1 }),
  ]

  struct SessionLine: TemplateData {
    let mark: String
    let address: String
    let isCurrent: Bool
    let begun: TimeLine
    let seen: TimeLine

    static let fields: [Field<SessionLine>] = [
      .text("mark", { $0.mark }), .text("address", { $0.address }),
      .flag("current", { $0.isCurrent }), .item("begun", { $0.begun }),
      .item("seen", { $0.seen }),
    ]

    init(_ session: OpenSession, _ page: AccountPage) {
      mark = session.mark
      address = session.address
      isCurrent = session.hash == page.current
      begun = TimeLine(session.startedAt, now: page.now)
      seen = TimeLine(isCurrent ? page.now : session.seenAt, now: page.now)
    }
  }
}

extension Portal {
  /// One's own account.
  func showAccount(_ visit: Visit) async throws -> Response {
    try await account(problems: [], visit)
  }

  /// One's own account, also with why the password was not changed.
  func account(problems: [Mistake], _ visit: Visit) async throws -> Response {
    let person = try visit.person
    let (record, sessions) = try await storage.read { [now = visit.now] db in
      (
        try PersonStore.record(person.id, in: db),
        try SessionStore.open(of: person.id, at: now, in: db)
      )
    }
    guard let record else { throw Failure.notFound }
    return page(
      AccountPage(
        problems: problems, record: record, sessions: sessions, current: tokenHash(of: visit),
        hasFactor: visit.caller?.hasFactor == true, now: visit.now),
      for: visit)
  }

  /// Ends one of one's own sessions; one's present one by signing out.
  func endOwnSession(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let (mark, current) = (visit.parameters["session"], tokenHash(of: visit))
    try await storage.write { [now = visit.now] db in
      guard
        let session = try SessionStore.open(of: person.id, at: now, in: db).first(where: {
          $0.mark == mark && $0.hash != current
        })
      else { throw Failure.notFound }
      try SessionStore.end(tokenHash: session.hash, in: db)
      try AuditLog.append(
        .sessionsClosed(of: person.id, count: 1), by: .person(person), at: now, in: db)
    }
    return .seeOther("/account", saying: .sessionsEnded)
  }

  /// Ends all of one's own sessions but the present one.
  func endOtherSessions(_ visit: Visit) async throws -> Response {
    let (person, current) = (try visit.person, tokenHash(of: visit))
    try await storage.write { [now = visit.now] db in
      try SessionStore.close(
        of: person.id, but: current, by: .person(person), at: now, in: db)
    }
    return .seeOther("/account", saying: .sessionsEnded)
  }
}
