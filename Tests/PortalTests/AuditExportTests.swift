import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

@Suite struct AuditExportTests {
  /// The cells of a file as RFC 4180 reads it.
  private func cells(_ text: String) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    func add(_ scalar: Unicode.Scalar) {
      rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
    }
    while let scalar = scalars.popFirst() {
      switch (scalar, isQuoted) {
      case ("\"", true) where scalars.first == "\"":
        add("\"")
        scalars = scalars.dropFirst()
      case ("\"", _): isQuoted.toggle()
      case (",", false): rows[rows.count - 1].append("")
      case ("\r", false) where scalars.first == "\n":
        scalars = scalars.dropFirst()
        rows.append([""])
      default: add(scalar)
      }
    }
    return rows.dropLast()
  }

  private func export(
    _ format: String, _ fields: [String: String] = [:], on stage: Stage
  ) async throws -> Response {
    let browser = try await stage.browser(as: "auditor")
    return await browser.post("/audit/exports", fields.merging(["format": format]) { $1 })
  }

  @Test(arguments: [
    ("=1+2", "'=1+2"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
    ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("two\nlines", "\"two\nlines\""), ("=\"a\",b", "\"'=\"\"a\"\",b\""), ("plain=1", "plain=1"),
    ("", ""), ("é", "é"),
  ])
  func `no cell is a formula, and each is quoted where it has to be`(text: String, cell: String) {
    #expect(AuditCSV.cell(text) == cell)
  }

  @Test func `a CSV file holds exactly the filtered entries, oldest first, and is in the log`()
    async throws
  {
    let stage = try Stage()
    _ = try await Proposals.propose(on: stage)
    let response = try await export("csv", ["type": "session.started"], on: stage)
    #expect(response.status == .ok)
    let name = response.headers[.contentDisposition] ?? ""
    #expect(name.hasPrefix("attachment; filename=\"caretaker-audit-2026-11-"))
    let rows = cells(response.text)
    #expect(rows[0].first == "entry")
    #expect(rows.dropFirst().map { $0[4] } == ["session.started", "session.started"])
    let numbers = rows.dropFirst().compactMap { Int($0[0]) }
    #expect(numbers.count == 2 && numbers == numbers.sorted())
    #expect(rows.allSatisfy { $0.count == rows[0].count })
    #expect(rows[1][1] == stage.clock.now.iso)
    let event = try stage.portal.storage.readNow { db in
      try AuditStore.entry(try AuditStore.head(in: db).count, in: db)
    }
    #expect(event?.type == "log.exported")
    #expect(event?.data["what"]?.text == "2 entries as CSV (type=session.started)")
    try await stage.end()
  }

  @Test func `a reason that begins like a formula is text in the file`() async throws {
    let stage = try Stage()
    let person = try stage.person("operator")
    let name = "=HYPERLINK(\"http://x\"),\r\n-1"
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: "UPDATE people SET name = ? WHERE id = ?", arguments: [name, person.id])
      try AuditLog.append(.sessionEnded, by: .person(person), at: stage.clock.now, in: db)
    }
    let rows = cells(try await export("csv", on: stage).text)
    #expect(rows.contains { $0[3] == "'" + name })
    #expect(!rows.contains { $0.contains { $0.hasPrefix("=") } })
    try await stage.end()
  }

  @Test func `OCSF events name their class, activity, actor and place in the log`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let visitor = Browser(stage.portal)
    _ = await visitor.post("/session", ["login": "viewer", "password": "wrong wrong wrong"])
    let response = try await export("ocsf", on: stage)
    #expect(response.headers[.contentType] == "application/x-ndjson")
    let events = try response.text.split(separator: "\n").map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    let logID = try stage.portal.storage.readNow {
      try String.fetchOne($0, sql: "SELECT id FROM log")
    }
    var classes: [String: [Int]] = [:]
    for (index, event) in events.enumerated() {
      let metadata = try #require(event["metadata"] as? [String: Any])
      #expect(metadata["uid"] as? String == "\(logID ?? ""):\(index + 1)")
      let (kind, activity) = (event["class_uid"] as? Int ?? 0, event["activity_id"] as? Int ?? 0)
      #expect(event["type_uid"] as? Int == kind * 100 + activity)
      #expect(event["category_uid"] as? Int == kind / 1_000)
      #expect(event["severity_id"] is Int && event["time"] is Int)
      #expect(event["actor"] is [String: Any])
      let status = event["status_id"] as? Int ?? 0
      classes[metadata["event_code"] as? String ?? ""] = [kind, activity, status]
    }
    #expect(classes["session.started"] == [3002, 1, 1])
    #expect(classes["session.refused"] == [3002, 1, 2])
    #expect(classes["person.added"] == [3001, 1, 1])
    #expect(classes["change.proposed"] == [6003, 1, 1])
    #expect(classes["change.approved"] == [6003, 3, 1])
    try await stage.end()
  }

  @Test func `an unknown outcome is status 0, a role is assigned, a call is named`() {
    let people = [Person(id: 2, login: "ben", name: "Ben", role: .approver)]
    func event(_ event: AuditEvent) -> Canonical {
      let entry = AuditEntry(
        seq: 9, at: Moment(ms: 5), type: event.type, actor: "portal", personID: nil,
        change: event.changeNumber, data: .object(event.data))
      return .object(AuditOCSF(logID: "l", people: people).event(entry))
    }
    let lost = event(.stepFinished(number: 1, step: 1, outcome: "unknown", detail: ""))
    #expect(lost["status_id"]?.number == 0)
    #expect(lost["severity_id"]?.number == 4)
    let call = event(
      .stepIntended(number: 1, digest: "d", attempt: 1, step: 1, call: "ecs:UpdateService"))
    #expect(call["api"]?["operation"]?.text == "ecs:UpdateService")
    let role = event(.roleChanged(person: 2, from: .viewer, to: .approver))
    #expect(role["class_uid"]?.number == 3005)
    #expect(role["user"]?["name"]?.text == "Ben")
    #expect(role["privileges"]?.elements == [.string("approver")])
  }

  @Test func `more entries than a file holds are refused whole, and nothing is logged`()
    async throws
  {
    let stage = try Stage()
    try stage.portal.storage.writeNow { db in
      for _ in 0...Portal.entriesPerFileMax {
        try AuditLog.append(.sessionStarted, by: .portal, at: stage.clock.now, in: db)
      }
    }
    let response = try await export("csv", ["outcome": "good"], on: stage)
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("More than 50000 entries fit"))
    #expect(response.text.contains("Done<"), "the filter is there to be narrowed")
    #expect(try stage.auditTypes().last == "session.started")
    try await stage.end()
  }

  @Test func `a filter that nothing fits makes no file, and what it says is not kept`()
    async throws
  {
    let stage = try Stage()
    let response = try await export("csv", ["type": "hunter2"], on: stage)
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("No entry fits, so there is no file."))
    #expect(try stage.auditTypes().last == "session.started")
    try await stage.end()
  }

  @Test func `a filter that is not understood shows nothing as if it fitted`() async throws {
    let stage = try Stage()
    let response = try await export("csv", ["change": "the last one"], on: stage)
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("A change is written like CR-12."))
    #expect(!response.text.contains("Download this list"))
    #expect(try stage.auditTypes().last == "session.started")
    try await stage.end()
  }

  @Test func `an entry that can't be read makes no file`() async throws {
    let stage = try Stage()
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "DROP TRIGGER audit_immutable")
      try db.execute(sql: "UPDATE audit SET bytes = x'7b7d' WHERE seq = 1")
    }
    let response = try await export("csv", on: stage)
    #expect(response.status == .internalServerError)
    #expect(try stage.auditTypes().last == "session.started")
    let page = try await stage.browser(as: "auditor").get("/audit/entries/1")
    #expect(page.status == .ok, "the entry itself can still be looked at")
    try await stage.end()
  }
}
