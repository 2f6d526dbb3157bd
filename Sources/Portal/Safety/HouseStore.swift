import Foundation
import GRDB
import Rules

/// The house as it is in the database: people, policy, freezes, emergencies.
enum HouseStore {
  /// Everything a decision rests on, at a moment.
  static func house(
    at now: Moment, obstacle: Refusal? = nil, in db: Database
  ) throws -> House {
    House(
      people: try PersonStore.all(in: db), policy: try policy(in: db),
      freezes: try freezes(in: db).filter { !$0.isOver(at: now) },
      emergencies: try emergencies(in: db).filter { $0.isOpen(at: now) || $0.reviewerID == nil },
      obstacle: obstacle, now: now)
  }

  /// The policy that applies.
  /// - Throws: `StorageProblem` when there is none, or a setting is missing or out of bounds:
  ///   a policy that needs nobody must never be what is left of a damaged one.
  static func policy(in db: Database) throws -> Policy {
    let bytes = try Data.fetchOne(
      db.cachedStatement(sql: "SELECT settings FROM policies ORDER BY number DESC LIMIT 1"))
    guard let bytes, case .object(let members)? = Canonical(canonical: [UInt8](bytes)),
      let policy = Policy(settings: members.compactMapValues(\.number))
    else {
      throw StorageProblem(
        "The policy in the database is missing or damaged, so nothing is approved or run. "
          + "Restore a backup.")
    }
    return policy
  }

  /// Whether any policy was ever set.
  static func hasPolicy(in db: Database) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM policies)") ?? false
  }

  /// Sets the policy that applies from now on.
  static func set(
    _ policy: Policy, by actor: AuditLog.Actor, at now: Moment, in db: Database
  ) throws {
    let settings = Canonical.object(policy.settings.mapValues(Canonical.integer))
    try db.execute(
      sql: "INSERT INTO policies (settings, at) VALUES (?, ?)",
      arguments: [Data(settings.bytes), now.ms])
    try AuditLog.append(.policySet(settings: policy.settings), by: actor, at: now, in: db)
  }

  /// Every freeze, newest first.
  static func freezes(in db: Database) throws -> [Freeze] {
    try Row.fetchAll(db, sql: "SELECT * FROM freezes ORDER BY number DESC").map { row in
      Freeze(
        number: row["number"], from: Moment(ms: row["begins_at"]), to: Moment(ms: row["ends_at"]),
        reason: row["reason"],
        exceptions: Set((row["exceptions"] as String).split(separator: " ").map(String.init)),
        liftedAt: (row["lifted_at"] as Int64?).map(Moment.init(ms:)))
    }
  }

  /// Sets a freeze.
  static func insert(
    _ freeze: Freeze, by person: Person, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT INTO freezes (begins_at, ends_at, reason, exceptions, set_by, set_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        freeze.from.ms, freeze.to.ms, freeze.reason,
        freeze.exceptions.sorted().joined(separator: " "), person.id, now.ms,
      ])
    try AuditLog.append(
      .freezeSet(
        freeze: db.lastInsertedRowID, from: freeze.from, to: freeze.to, reason: freeze.reason,
        exceptions: freeze.exceptions),
      by: .person(person), at: now, in: db)
  }

  /// Lifts a freeze that stands or is to come.
  static func lift(_ number: Int64, at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "UPDATE freezes SET lifted_at = ? WHERE number = ? AND lifted_at IS NULL",
      arguments: [now.ms, number])
    guard db.changesCount == 1 else { return }
    try AuditLog.append(.freezeLifted(freeze: number), by: .portal, at: now, in: db)
  }
}

/// Emergencies in the database.
extension HouseStore {
  /// Every emergency, oldest first.
  static func emergencies(in db: Database) throws -> [Emergency] {
    try Row.fetchAll(db, sql: "SELECT * FROM emergencies ORDER BY number").map { row in
      Emergency(
        number: row["number"], personID: row["person_id"], reason: row["reason"],
        openedAt: Moment(ms: row["opened_at"]), reviewerID: row["reviewer_id"])
    }
  }

  /// The emergencies that go on, one sentence each for every page.
  static func openEmergencies(at now: Moment, in db: Database) throws -> [String] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT emergencies.number, name, opened_at, reason FROM emergencies
          JOIN people ON people.id = person_id WHERE opened_at > ?
          """),
      arguments: [now.adding(ms: -Emergency.lengthMs).ms]
    ).map { row in
      let until = Moment(ms: row["opened_at"]).adding(ms: Emergency.lengthMs)
      return "\(row["name"] as String) runs changes without an approval until \(until.words): "
        + "“\(row["reason"] as String)”"
    }
  }

  /// Opens an emergency.
  static func declareEmergency(
    by person: Person, reason: String, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: "INSERT INTO emergencies (person_id, reason, opened_at) VALUES (?, ?, ?)",
      arguments: [person.id, reason, now.ms])
    let (number, until) = (db.lastInsertedRowID, now.adding(ms: Emergency.lengthMs))
    try AuditLog.append(
      .emergencyDeclared(emergency: number, until: until, reason: reason), by: .person(person),
      at: now, in: db)
    try NoticeStore.add(
      .brokenGlass(number, until: until),
      for: PersonStore.all(in: db).filter { !$0.isDisabled }, at: now, in: db)
  }

  /// Notes who has looked at what was done in an emergency.
  static func review(
    _ emergency: Emergency, by person: Person, note: String, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: """
        UPDATE emergencies SET reviewer_id = ?, reviewed_at = ?, note = ?
        WHERE number = ? AND reviewer_id IS NULL
        """,
      arguments: [person.id, now.ms, note, emergency.number])
    guard db.changesCount == 1 else { throw Refusal.alreadyReviewed }
    try AuditLog.append(
      .emergencyReviewed(emergency: emergency.number, note: note), by: .person(person), at: now,
      in: db)
  }
}
