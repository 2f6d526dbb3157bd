import Foundation
import GRDB
import Portal
import Rules

/// A long log, made by the code that makes every log.
enum Log {
  private static let batch = 10_000

  /// The database of a portal, with every commit on disk as the portal has it.
  /// - Parameter isDurable: false to fill quickly.
  static func open(_ path: String, isDurable: Bool) throws -> DatabaseQueue {
    var configuration = GRDB.Configuration()
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = \(isDurable ? "FULL" : "OFF")")
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Adds entries of every sort, one a minute: the story of a team that keeps the rules.
  static func fill(_ path: String, count: Int) throws {
    let queue = try open(path, isDurable: false)
    // Two days after what is there: people have to be old enough in their roles to count.
    let begun = try queue.read { try Int64.fetchOne($0, sql: "SELECT max(at) FROM audit") } ?? 0
    let start = Moment(ms: begun).adding(ms: 2 * Span.day)
    for first in stride(from: 0, to: count, by: batch) {
      try queue.write { db in
        for index in first..<min(first + batch, count) {
          try append(index, at: start.adding(ms: Int64(index) * Span.minute), in: db)
        }
      }
    }
    while try queue.write({ try AuditIndex.catchUp(in: $0) }) {}
  }

  /// Adds the entry that stands at a place of the story.
  static func append(_ index: Int, at now: Moment, in db: Database) throws {
    let (actor, event) = event(at: index)
    try AuditLog.append(event, by: actor, at: now, in: db)
  }

  private static let digest = String(repeating: "a", count: 64)
  private static let requester = person(1, .operator_)
  private static let approvers = [person(2, .approver), person(3, .administrator)]

  private static func person(_ id: Int64, _ role: Role) -> Person {
    Person(id: id, login: "p\(id)", name: "P\(id)", role: role)
  }

  /// Ten entries for each change; one change in eight fails, and of one in eight it is unknown at
  /// first whether it has.
  private static func event(at index: Int) -> (AuditLog.Actor, AuditEvent) {
    let number = Int64(index / 10 + 1)
    let approver = approvers[index / 10 % 2]
    let run = AuditLog.Actor.person(requester)
    switch index % 10 {
    case 0: return (run, .sessionStarted)
    case 1:
      return (run, .changeProposed(number: number, digest: digest, plan: plan, reason: "Sunday"))
    case 2: return (.person(approver), .sessionStarted)
    case 3:
      let note = "Looks right; run it before the newsletter goes out"
      return (
        .person(approver),
        .changeDecided(number: number, digest: digest, decision: .approve, note: note)
      )
    case 4:
      return (
        run,
        .runStarted(
          number: number, digest: digest, approvers: [approver.id], attempt: 1, emergency: nil)
      )
    case 5:
      return (
        run,
        .stepIntended(
          number: number, digest: digest, attempt: 1, step: 1, call: "ecs:UpdateService")
      )
    case 6: return (run, .stepFinished(number: number, step: 1, outcome: "done", detail: "200"))
    case 7:
      return (run, .changeMoved(number: number, from: .executing, state: .verifying, why: "Sent."))
    case 8:
      let ends: [ChangeState] = [.failedPartial, .unknown]
      let end = number % 8 < 2 ? ends[Int(number % 8)] : .succeeded
      return (.portal, .changeMoved(number: number, from: .verifying, state: end, why: "Seen."))
    default:
      if number % 8 == 1 {
        return (
          .portal,
          .changeMoved(number: number, from: .unknown, state: .succeeded, why: "Seen since.")
        )
      }
      switch number % 3 {
      case 0: return (.visitor, .sessionRefused(person: approver.id))
      case 1:
        return (run, .accessRefused(route: "GET /audit/review", change: nil, why: "Not yours."))
      default: return (run, .sessionEnded)
      }
    }
  }

  private static let plan = Plan(
    change: String(repeating: "b", count: 32), kind: "ecs.count", site: "blog",
    title: "Scale Ghost from 1 task to 2 tasks", guarding: .guarded, parameters: [:], locks: [],
    preconditions: [], steps: [], expected: [], failure: [], verifyWithinMs: Span.hour,
    effects: [], cost: Cost(lines: [], priceDate: "", source: "", leftOut: []),
    terms: Terms(requirement: Requirement(approvals: 1, coolingOffMs: 0)))
}
