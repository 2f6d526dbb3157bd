import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// A form with something wrong in it.
struct WrongForm {
  typealias Answer = @Sendable (Stage) async throws -> Response

  /// What is never given back.
  static let secrets: Set = [
    "password", "new_password", "new_password_again", "setup_password", "code",
  ]

  /// Its action, as the template has it.
  let action: String
  let fields: [String: String]
  /// The names of the fields that are wrong, in the order of the page.
  let wrong: [String]
  let answer: Answer

  /// A form that is posted by somebody of the team.
  init(
    _ action: String, _ fields: [String: String], at wrong: String..., by login: String,
    to path: String? = nil
  ) {
    self.init(action, fields, wrong) { stage in
      await (try stage.browser(as: login)).post(path ?? action, fields)
    }
  }

  init(
    _ action: String, _ fields: [String: String], at wrong: String...,
    answer: @escaping Answer
  ) {
    self.init(action, fields, wrong, answer)
  }

  private init(
    _ action: String, _ fields: [String: String], _ wrong: [String], _ answer: @escaping Answer
  ) {
    self.action = action
    self.fields = fields
    self.wrong = wrong
    self.answer = answer
  }

  /// One that is sent with its address.
  static func get(
    _ action: String, _ fields: [String: String], at wrong: String..., by login: String = "operator"
  ) -> WrongForm {
    WrongForm(action, fields, wrong) { stage in
      await (try stage.browser(as: login)).get(action + "?" + query(fields))
    }
  }

  /// Every form but those of the kinds of change.
  static func all(on stage: Stage) async throws -> [WrongForm] {
    try await signingIn(on: stage) + account + lists + people(on: stage) + safety(on: stage)
      + changes(on: stage) + todos(on: stage) + mail + rest(on: stage)
  }

  private static func signingIn(on stage: Stage) async throws -> [WrongForm] {
    let id = try stage.person("viewer-2").id
    let made = await (try stage.browser(as: "administrator")).post(
      "/people/\(id)/password-link", ["password": Stage.password])
    let mark = try #require(made.text.range(of: PasswordLink.path))
    let link = PasswordLink.path + made.text[mark.upperBound...].prefix { $0 != "<" }
    return [
      WrongForm("/session", ["login": "jo", "password": "x"], at: "login") {
        await Browser($0.portal).post("/session", ["login": "jo", "password": "x"])
      },
      WrongForm("/session", ["login": ""], at: "login", "password") {
        await Browser($0.portal).post("/session", ["login": ""])
      },
      WrongForm("/setup", ["login": "jo", "name": "Jo"], at: "setup_password") { _ in
        let empty = try Stage(hasTeam: false)
        let answer = await Browser(empty.portal).post("/setup", ["login": "jo", "name": "Jo"])
        try await empty.end()
        return answer
      },
      WrongForm("/invitations/{{token}}", [:], at: "new_password_again") {
        await Browser($0.portal).post(
          link, ["new_password": Stage.password, "new_password_again": "x"])
      },
      WrongForm("/sign-in/factor", [:], at: "code") { stage in
        _ = try await stage.addFactor(by: stage.browser(as: "auditor-2"))
        let browser = Browser(stage.portal)
        browser.take(
          await browser.post("/session", ["login": "auditor-2", "password": Stage.password]))
        return await browser.post("/sign-in/factor", ["code": "000000"])
      },
    ]
  }

  private static let account = [
    WrongForm(
      "/account/password", ["password": "x", "new_password": "y", "new_password_again": "y"],
      at: "new_password", by: "viewer"),
    WrongForm(
      "/account/factors", ["code": "000000", "password": "x"], at: "code", by: "viewer"),
    factors("/account/factors/end", ["password": Stage.password, "code": "0"], of: "approver-2"),
    factors("/account/factors/recovery-codes", ["code": "0"], of: "administrator-2"),
    WrongForm("/account/factors/passkeys", ["label": ""], at: "label", by: "viewer"),
    WrongForm(
      "/notification-choices", ["address": "nobody", "ended-mail": "yes"], at: "address",
      by: "viewer"),
  ]

  /// A form of who has a second factor.
  private static func factors(_ action: String, _ fields: [String: String], of login: String)
    -> WrongForm
  {
    WrongForm(action, fields, at: "code") { stage in
      let browser = try await stage.browser(as: login)
      _ = try await stage.addFactor(by: browser)
      return await browser.post(action, fields)
    }
  }

  private static let lists = [
    get(
      "/audit", ["from": "2026-02-01", "to": "yesterday", "change": "CR-1"], at: "to",
      by: "auditor"),
    get(
      "/audit", ["from": "today", "to": "yesterday", "change": "the last"], at: "change",
      "from", "to", by: "auditor"),
    get("/search", ["q": "a b c d e f g h i j k l m"], at: "q"),
    WrongForm(
      "/saved-views", ["list": "changes", "state": "open", "view_name": ""], at: "view_name",
      by: "operator"),
  ]

  private static func people(on stage: Stage) async throws -> [WrongForm] {
    let id = try stage.person("viewer").id
    return [
      WrongForm(
        "/people",
        ["login": "viewer", "name": "Vera", "role": "auditor", "password": Stage.password],
        at: "login", by: "administrator"),
      WrongForm(
        "/people", ["login": "", "name": ""], at: "login", "name", "role",
        by: "administrator"),
      WrongForm(
        "/people/{{number}}/accounts", ["account": "nobody"], at: "account", by: "administrator",
        to: "/people/\(id)/accounts"),
      WrongForm(
        "/people/{{number}}/password-link", ["password": "x"], at: "password", by: "administrator",
        to: "/people/\(id)/password-link"),
      WrongForm("/changes/preview", [:], at: "role") {
        await (try $0.browser(as: "administrator")).get(
          "/changes/preview?kind=person.role&role=viewer&person=\(id)")
      },
    ]
  }

  private static func safety(on stage: Stage) async throws -> [WrongForm] {
    let declared = await (try stage.browser(as: "operator")).post(
      "/emergencies", ["reason": "down", "password": Stage.password])
    #expect(declared.status == .seeOther)
    return [
      WrongForm(
        "/freezes", ["from": "2026-12-24T10:00", "to": "2026-12-23T10:00", "reason": "Holidays"],
        at: "to", by: "approver"),
      WrongForm("/freezes", ["from": "tomorrow"], at: "from", "to", "reason", by: "approver"),
      WrongForm("/emergencies", ["reason": ""], at: "reason", by: "operator-2"),
      WrongForm(
        "/emergencies", ["reason": "Down", "password": "x"], at: "password", by: "operator-2"),
      WrongForm(
        "/emergencies/{{number}}/review", ["note": ""], at: "note", by: "approver",
        to: "/emergencies/1/review"),
      .get(
        "/changes/preview",
        PolicyChange.form(.standard).merging(
          ["kind": "policy", "guarded_approvals": "none", "role_age_ms": "-1"]) { $1 },
        at: "guarded_approvals", "role_age_ms"),
    ]
  }

  private static func changes(on stage: Stage) async throws -> [WrongForm] {
    let pending = try await Proposals.propose(on: stage)
    let approved = try await Proposals.propose(on: stage)
    try await Proposals.approve(approved, on: stage)
    let lost = try await Proposals.propose(on: stage)
    let runner = try stage.person("operator").id
    try await stage.portal.storage.write { db in
      try db.execute(
        sql: "UPDATE changes SET state = 'unknown' WHERE number = ?", arguments: [lost])
      try db.execute(
        sql: """
          INSERT INTO executions (change_id, attempt, executor_id, boot_id, started_at)
          SELECT id, 1, ?, 'boot', 0 FROM changes WHERE number = ?
          """, arguments: [runner, lost])
    }
    let digest = try stage.change(pending).digest
    return [
      WrongForm("/changes", [:], at: "reason") {
        let reason = String(repeating: "a", count: Portal.reasonLengthMax + 1)
        let form = try Proposals.form(Proposals.plan(), by: "operator", on: $0, reason: reason)
        return await (try $0.browser(as: "operator")).post("/changes", form)
      },
      WrongForm("/changes", [:], at: "reason") {
        let form = try Proposals.form(Proposals.plan(), by: "operator", on: $0, reason: "")
        return await (try $0.browser(as: "operator")).post("/changes", form)
      },
      .get(
        "/changes/preview", ["kind": "ecs.count", "count": "3", "run_at": "soon"], at: "run_at"),
      .get("/changes/preview", ["kind": "ecs.count", "count": "1"], at: "count"),
      .get("/changes/preview", ["kind": "s3.version"], at: "key", "version"),
      .get(
        "/changes/preview",
        [
          "kind": "dns.record", "act": "create", "name": "elsewhere.org", "type": "A", "ttl": "-1",
          "values": "",
        ], at: "name", "ttl", "values"),
      .get("/changes/preview", ["kind": "ecs.task-size", "size": "256-512"], at: "size"),
      .get(
        "/changes/preview", ["kind": "rds.class", "class": "db.t3.micro", "when": "now"],
        at: "class"),
      WrongForm(
        "{{path}}/approval", ["digest": digest, "note": "Fine", "password": "x"], at: "password",
        by: "approver", to: "/changes/\(pending)/approval"),
      WrongForm(
        "{{path}}/rejection", ["digest": digest, "note": ""], at: "note", by: "approver",
        to: "/changes/\(pending)/rejection"),
      WrongForm(
        "{{path}}/revocation", ["note": "key AKIAIOSFODNN7EXAMPLE"], at: "note", by: "approver",
        to: "/changes/\(pending)/revocation"),
      WrongForm(
        "{{path}}/execution", ["digest": try stage.change(approved).digest, "password": "x"],
        at: "password", by: "operator-2", to: "/changes/\(approved)/execution"),
      WrongForm(
        "{{path}}/finding", ["found": "done", "note": ""], at: "note", by: "operator-2",
        to: "/changes/\(lost)/finding"),
      WrongForm(
        "{{path}}/finding", ["note": ""], at: "found", "note", by: "operator-2",
        to: "/changes/\(lost)/finding"),
      WrongForm(
        "{{path}}/finding", ["note": "CloudTrail shows no call"], at: "found", by: "operator-2",
        to: "/changes/\(lost)/finding"),
    ]
  }

  private static func todos(on stage: Stage) async throws -> [WrongForm] {
    let (open, closed) = try await stage.portal.storage.write { [now = stage.clock.now] db in
      let numbers = try ["One", "Two"].map {
        try TodoStore.open($0, change: nil, by: .portal, at: now, in: db)
        return try Int64.fetchOne(db, sql: "SELECT max(number) FROM todos") ?? 0
      }
      try TodoStore.close(numbers[1], by: .portal, note: "", at: now, in: db)
      return (numbers[0], numbers[1])
    }
    func form(
      _ act: String, _ fields: [String: String], at wrong: String..., of number: Int64? = nil
    ) -> WrongForm {
      WrongForm("{{base}}/\(act)", fields, wrong) {
        await (try $0.browser(as: "operator")).post("/todos/\(number ?? open)/\(act)", fields)
      }
    }
    return [
      WrongForm("{{base}}/owner", [:], at: "owner") {
        await (try $0.browser(as: "operator")).post("/todos/\(open)/owner", ["owner": "999"])
      }, form("due-date", ["day": "soon"], at: "day"),
      form("snooze", ["until": "soon", "reason": "Later"], at: "until"),
      form("snooze", ["until": "2027-01-01", "reason": ""], at: "reason"),
      form("snooze", ["until": "soon", "reason": ""], at: "until", "reason"),
      form("notes", ["note": ""], at: "note"),
      form("end", ["note": String(repeating: "long ", count: 500)], at: "note"),
      form("reopening", ["note": ""], at: "note", of: closed),
    ]
  }

  private static let mail = [
    WrongForm(
      "/mail/letters", ["from": "us", "day": "2026-01-01", "text": ""], at: "text", by: "operator"
    ),
    WrongForm(
      "/mail/letters", ["from": "us", "day": "soon", "text": "Dear AWS"], at: "day",
      by: "operator"),
    WrongForm("/mail/letters", ["day": "soon"], at: "from", "day", "text", by: "operator"),
    WrongForm(
      "/mail/checks", ["row": MailReadiness.byHand[0].id, "note": ""], at: "note", by: "operator"),
    WrongForm(
      "/mail/requests",
      [
        "website": String(repeating: "w", count: 2_000), "use_case": "Links",
        "mail_type": "MARKETING",
      ],
      at: "website", by: "operator"),
    WrongForm(
      "/mail/requests",
      [
        "website": String(repeating: "w", count: 2_000), "mail_type": "MARKETING",
        "use_case": String(repeating: "u", count: 10_001),
        "contacts": (1...9).map { "c\($0)@example.com" }.joined(separator: "\n"),
      ],
      at: "website", "use_case", "contacts", by: "operator"),
  ]

  private static func rest(on stage: Stage) async throws -> [WrongForm] {
    let flagged = try #require(
      try await stage.portal.storage.read {
        try Int64.fetchOne($0, sql: "SELECT max(seq) FROM audit WHERE type = 'act.refused'")
          ?? Int64.fetchOne($0, sql: "SELECT max(seq) FROM reviews")
      })
    return [
      WrongForm(
        "/members/decisions", ["reason": "", "change": "some"], at: "choice", "owner", "reason",
        "change", by: "operator"),
      WrongForm(
        "/restore-tests", ["what": "ghost-1", "worked": "no", "note": ""], at: "note",
        by: "operator"),
      WrongForm(
        "/restore-tests", ["what": "ghost-1", "note": "Seen"], at: "worked", by: "operator"),
      WrongForm("/restore-tests", [:], at: "what", "worked", "note", by: "operator"),
      WrongForm("/theme-imports", ["commit": "nothing"], at: "commit", by: "operator"),
      WrongForm("/themes", [:], at: "theme", by: "operator"),
      WrongForm(
        "/findings/{{id}}/acceptance", ["until": "soon", "reason": ""],
        at: "owner", "until", "reason", by: "approver",
        to: "/findings/s3.versioning/acceptance"),
      WrongForm(
        "{{reviewPath}}", ["note": "Seen"], at: "verdict", by: "auditor",
        to: "/audit/entries/\(flagged)/review"),
      WrongForm(
        "{{reviewPath}}", ["note": "key AKIAIOSFODNN7EXAMPLE"], at: "verdict", "note",
        by: "auditor", to: "/audit/entries/\(flagged)/review"),
      WrongForm("/audit/periods", ["password": "x"], at: "password") { stage in
        let (one, other) = (try stage.person("auditor-2").id, try stage.person("auditor").id)
        try await stage.portal.storage.write { db in
          try db.execute(
            sql: """
              UPDATE reviews SET verdict = 'ok', note = '', reviewed_at = 0,
                reviewer_id = CASE person_id WHEN ?1 THEN ?2 ELSE ?1 END WHERE verdict IS NULL
              """, arguments: [one, other])
        }
        let browser = try await stage.browser(as: "auditor")
        let page = await browser.get("/audit/review")
        return await browser.post(
          "/audit/periods",
          ["last": try page.hidden("last"), "head": try page.hidden("head"), "password": "x"])
      },
      // The last, for it gives somebody a second factor.
      WrongForm("/account/factors/passkeys/end", [:], at: "code") { stage in
        stage.clock.advance(ms: Span.hour)
        let browser = try await stage.browser(as: "operator-2")
        _ = try await stage.addPasskey(of: "operator-2", by: browser)
        let id = try await stage.portal.storage.read {
          try Int64.fetchOne($0, sql: "SELECT max(id) FROM passkeys") ?? 0
        }
        return await browser.post(
          "/account/factors/passkeys/end",
          ["removed": String(id), "password": Stage.password, "code": "0"])
      },
    ]
  }
}
