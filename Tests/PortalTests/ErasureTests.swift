import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

extension Stage {
  /// The command line's view of the same folder.
  func accounts() throws -> Accounts {
    try Accounts(
      configuration: portal.configuration, outside: portal.outside, scheme: Self.quickScheme)
  }

  /// The names of the data folder's files that hold these bytes, in any case of ASCII letters.
  func files(holding text: String) throws -> [String] {
    try files().filter { _, data in
      [text, text.lowercased()].contains { data.range(of: Data($0.utf8)) != nil }
    }.map(\.key)
  }
}

/// Forgetting who somebody was, without a hole in what is proven.
@Suite struct ErasureTests {
  private let name = "Zacharias Quillfeather"
  private let login = "zquill"
  private let address = "203.0.113.77"
  private let account = "github:quillhub"

  /// A stage where the person has signed in, failed to, approved and been refused.
  private func lived(note: String = "looks right") async throws -> (Stage, person: Int64) {
    let stage = try Stage()
    try stage.accounts().add(
      login: login, name: name, role: "approver", password: Stage.password)
    try stage.accounts().link(login: login, account: account)
    let number = try await Proposals.propose(on: stage)
    let form = "login=\(login)&password=\(percentEncoded(Stage.password))"
    let visitor = Browser(stage.portal)
    for body in ["login=\(login)&password=wrong", form] {
      _ = await visitor.send(.post, "/session", body: body, peer: address)
    }
    let browser = try await stage.browser(as: login)
    let vote = [
      "digest": try stage.change(number).digest, "password": Stage.password, "note": note,
    ]
    #expect(await browser.post("/changes/\(number)/approval", vote).status == .seeOther)
    #expect(await browser.post("/changes/\(number)/withdrawal").status == .conflict)
    let person = try stage.person(login).id
    try stage.accounts().disable(login: login)
    return (stage, person)
  }

  @Test func `the log names people by number alone`() async throws {
    let (stage, _) = try await lived()
    try stage.portal.storage.readNow { db in
      for bytes in try Data.fetchAll(db, sql: "SELECT bytes FROM audit") {
        for text in [name, login, address, account] {
          #expect(bytes.range(of: Data(text.utf8)) == nil)
        }
      }
    }
    try await stage.end()
  }

  @Test func `after an erasure no file holds name, login or address, and the log is as sound`()
    async throws
  {
    let (stage, person) = try await lived()
    for text in [name, login, address, account] { #expect(try !stage.files(holding: text).isEmpty) }
    let path = stage.database
    let before = (try AuditVerifier().verify(path), try Verifiers.twin([path]).status)

    let said = try stage.accounts().erase(login: "ZQuill ")
    #expect(said.count == 1)
    #expect(said[0].contains("Erased who person \(person) was"))

    for text in [name, login, address, account] {
      #expect(try stage.files(holding: text).isEmpty, "\(text)")
    }
    let after = (try AuditVerifier().verify(path), try Verifiers.twin([path]).status)
    #expect(before.0.exitCode == 2 && after.0.exitCode == 2)
    #expect(before.1 == 2 && after.1 == 2)
    #expect(try stage.auditTypes().last == "person.erased")
    let story = await (try stage.browser(as: "auditor")).get("/changes/1").text
    #expect(story.contains("Erased person \(person)"))
    try await stage.end()
  }

  @Test func `texts of others are left, and where the name is in them is said`() async throws {
    let (stage, _) = try await lived(note: "as zacharias quillfeather told me")
    let said = try stage.accounts().erase(login: login)
    #expect(said.contains("“\(name)” still occurs in votes.note, 1 row."))
    #expect(said.contains("“\(name)” still occurs in audit.bytes, 1 row."))
    #expect(said.count == 3)
    try await stage.end()
  }

  @Test func `who ran a change that nobody knows the outcome of is not erased yet`() async throws {
    let (stage, _) = try await lived()
    let runner = try stage.person(login)
    try stage.portal.storage.writeNow { db in
      let change = try ChangeStore.find(1, in: db)
      try ExecutionStore.begin(
        change, by: runner, as: .person(runner), approvers: [], emergency: nil,
        boot: stage.portal.boot, under: .notNeeded, at: stage.clock.now, in: db)
    }
    #expect {
      try stage.accounts().erase(login: login)
    } throws: { error in
      "\(error)".contains("settle it first")
    }
    #expect(try stage.person(login).name == name)
    try await stage.end()
  }

  @Test func `a refusal that names people on the page names nobody in the log`() {
    let why = "\(name) has been disabled"
    for refusal in [
      Refusal.nobodyCanApprove(needed: 1, missing: [why]), .approvalNoLongerCounts([why]),
    ] {
      #expect(refusal.sentence.contains(name))
      #expect(!refusal.entry.contains(name))
    }
    #expect(Refusal.ownChange.entry == Refusal.ownChange.sentence)
  }

  @Test func `only who is disabled is erased, and only once`() async throws {
    let stage = try Stage()
    func problem(_ login: String) -> String {
      do {
        _ = try stage.accounts().erase(login: login)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(problem("nobody") == "There is nobody called nobody.")
    #expect(problem("viewer").contains("is not disabled"))
    try stage.accounts().disable(login: "viewer")
    #expect(problem("viewer") == "")
    #expect(problem("viewer") == "There is nobody called viewer.")
    #expect(problem("Erased person 1").hasPrefix("There is nobody"))
    try stage.accounts().add(
      login: "viewer", name: "Somebody else", role: "viewer", password: Stage.password)
    try await stage.end()
  }

  @Test func `an erased person can't sign in, by the old name or the new`() async throws {
    let (stage, person) = try await lived()
    _ = try stage.accounts().erase(login: login)
    for login in [login, Erasure.name(of: person)] {
      for password in [Stage.password, "erased"] {
        let response = await Browser(stage.portal).post(
          "/session", ["login": login, "password": password])
        #expect(response.headers[.setCookie] == nil)
      }
    }
    try await stage.end()
  }

  @Test func `the sweep removes ended sessions, old failures and old addresses`() async throws {
    let (stage, _) = try await lived()
    #expect(try !stage.files(holding: address).isEmpty)
    let now = stage.clock.now
    try stage.portal.storage.writeNow { db in
      try db.execute(
        sql: "UPDATE sessions SET ends_at = ?1, seen_at = ?1", arguments: [Int64.max])
      try Retention.sweep(at: now.adding(ms: Retention.addressMs), in: db)
      let kept = try String.fetchAll(db, sql: "SELECT address FROM sessions")
      #expect(!kept.isEmpty && !kept.contains(""))
      try Retention.sweep(at: now.adding(ms: Retention.addressMs + 1), in: db)
      #expect(try Set(String.fetchAll(db, sql: "SELECT address FROM sessions")) == [""])
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM failures") == 0)
      try db.execute(sql: "UPDATE sessions SET seen_at = ?", arguments: [now.ms])
      try Retention.sweep(at: now.adding(ms: SessionStore.idleMs + 1), in: db)
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM sessions") == 0)
    }
    try await stage.end()
  }
}
