import ChildProcess
import Cryptography
import Foundation
import GRDB
import Rules
import Testing

@testable import Portal

/// Thousands of tampered logs, each shown to both verifiers.
///
/// CARETAKER_MUTANTS says how many, CARETAKER_SEED which.
@Suite struct TamperTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let count = environment["CARETAKER_MUTANTS"].flatMap { Int($0) } ?? 1_000
  private static let seed = environment["CARETAKER_SEED"].flatMap { UInt64($0) } ?? 1

  /// A log in a file of its own, without what refuses to change it, and its last link.
  private struct Honest {
    let path: String
    let entries: Int64
    let head: String
  }

  /// Changes of every ending, as the portal would have told them.
  private func honest(in folder: String) throws -> Honest {
    let path = folder + "/honest.sqlite"
    let storage = try Storage(path: path)
    let (entries, head) = try storage.writeNow { db in
      for login in ["ana", "ben"] {
        _ = try PersonStore.insert(
          login: login, name: login, role: .approver, passwordHash: "none", at: Moment(ms: 1),
          in: db)
      }
      let people = try PersonStore.all(in: db)
      for person in people {
        try AuditLog.append(
          .personAdded(person: person.id, role: .approver), by: .command, at: Moment(ms: 1), in: db)
      }
      for number in Int64(1)...4 { try tell(of: number, by: people, in: db) }
      let head = try AuditStore.head(in: db)
      return (head.count, head.chain)
    }
    try storage.close()
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      for name in ["audit_appended", "audit_immutable", "audit_kept"] {
        try db.execute(sql: "DROP TRIGGER \(name)")
      }
      // One file, quickly written: it is copied for each mutant.
      try db.execute(sql: "PRAGMA journal_mode = DELETE")
      try db.execute(sql: "VACUUM")
    }
    try queue.close()
    return Honest(path: path, entries: entries, head: Hex.encode(head))
  }

  /// One change, told from its proposal to its end.
  private func tell(of number: Int64, by people: [Person], in db: Database) throws {
    let digest = String(repeating: "\(number)", count: 64)
    let plan = try Proposals.plan()
    let last: ChangeState = number == 2 ? .unknown : .succeeded
    let story: [(AuditEvent, AuditLog.Actor)] = [
      (.sessionStarted, .person(people[0])),
      (
        .changeProposed(number: number, digest: digest, plan: plan, reason: "Sunday: “é”"),
        .person(people[0])
      ),
      (.changeRefused(number: number, act: "approve", why: "It is yours."), .person(people[0])),
      (.sessionRefused(person: people[1].id), .visitor),
      (
        .changeDecided(number: number, digest: digest, decision: .approve, note: ""),
        .person(people[1])
      ),
      (
        .runStarted(
          number: number, digest: digest, approvers: [people[1].id], attempt: 1, emergency: nil),
        .person(people[0])
      ),
      (
        .stepIntended(
          number: number, digest: digest, attempt: 1, step: 1, call: "ecs:UpdateService"), .portal
      ),
      (.stepFinished(number: number, step: 1, outcome: "done", detail: ""), .portal),
      (
        .changeMoved(number: number, from: .executing, state: .verifying, why: "Sent."), .portal
      ),
      (
        .changeMoved(number: number, from: .verifying, state: last, why: "As planned."), .portal
      ),
    ]
    for (index, (event, actor)) in story.enumerated() {
      let at = Moment(ms: 1_795_348_800_000 + number * 60_000 + Int64(index))
      try AuditLog.append(event, by: actor, at: at, in: db)
    }
  }

  @Test func `every tampered log is caught, and both verifiers say the same of it`() throws {
    let folder = NSTemporaryDirectory() + "caretaker-tamper-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let honest = try honest(in: folder)
    let twin = try Twin()
    #expect(try found(honest, honest.path, twin).hasPrefix("2 "))
    for number in 0..<Self.count {
      let way = Tampering.allCases[number % Tampering.allCases.count]
      let path = folder + "/mutant.sqlite"
      try FileManager.default.copyItem(atPath: honest.path, toPath: path)
      try tamper(way, path, honest, seed: Self.seed &+ UInt64(number))
      let said = try found(honest, path, twin)
      try FileManager.default.removeItem(atPath: path)
      let isCaught =
        said.hasPrefix("1 ") || said.hasPrefix("4 ")
        || !way.showsInTheFile && !said.contains(honest.head)
      #expect(isCaught, "\(way), seed \(Self.seed) + \(number): \(said)")
    }
  }

  private func tamper(
    _ way: Tampering, _ path: String, _ honest: Honest, seed: UInt64
  ) throws {
    var configuration = GRDB.Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = OFF")
      var dice = Dice(seed: seed)
      try db.inTransaction {
        try way.tamper(db, count: honest.entries, with: &dice)
        return .commit
      }
    }
    try queue.close()
  }

  /// What both verifiers say, as exit status and sentence.
  private func found(_ honest: Honest, _ path: String, _ twin: Twin) throws -> String {
    let verdict = try AuditVerifier().verify(path)
    let ours = "\(verdict.exitCode) \(verdict.sentence)"
    let theirs = try twin.ask(about: path)
    let isAgreed =
      ours.prefix { $0 != " " } == theirs.prefix { $0 != " " }
      && ours.contains(honest.head) == theirs.contains(honest.head)
    #expect(isAgreed, "\(ours) – \(theirs)")
    if case .tampered(let entry, _) = verdict {
      #expect(theirs.contains("entry \(entry) "), "\(ours) – \(theirs)")
    }
    return ours
  }
}

/// The second verifier, asked again and again.
private struct Twin {
  private let process: ChildProcess

  init() throws {
    process = try ChildProcess([Stage.python, Stage.root + "/Tests/Faults/twin.py"])
  }

  /// Its exit status and its sentence.
  func ask(about path: String) throws -> String {
    try process.input.write(contentsOf: Data((path + "\n").utf8))
    return try process.line()
  }
}
