import GRDB
import HTTP
import Rules

extension Portal {
  /// A person signs for the log, from the entry behind the last signed one to the one that stood on
  /// the page, with the password once more.
  func signPeriod(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let last = Int64(visit.field("last")) ?? 0
    let seen = visit.field("head")
    do {
      // The rules first: who may not sign is told so, whatever the password.
      _ = try await storage.read { try Self.period(through: last, seen: seen, by: person, in: $0) }
      _ = try await confirm(person, visit)
      try await storage.write { [now = visit.now] db in
        let person = try PersonStore.find(person.id, in: db) ?? person
        let period = try Self.period(through: last, seen: seen, by: person, in: db)
        let counts = try PeriodStore.counts(of: period, in: db)
        try AuditLog.append(
          .reviewSigned(period, counts: counts), by: .person(person), at: now, in: db)
        try PeriodStore.insert(period, by: person, at: now, in: db)
      }
      return .seeOther("/audit/review", saying: .signed)
    } catch {
      try await logRefusal(error, of: "sign for the log", by: person, at: visit.now)
      guard let refusal = error as? Refusal, refusal.isMendable else { throw error }
      return try await reviews(for: visit, problems: [Mistake(refusal, in: visit.form)])
    }
  }

  /// The period that may be signed for.
  private static func period(
    through last: Int64, seen: String, by person: Person, in db: Database
  ) throws -> ReviewPeriod {
    guard let period = try PeriodStore.next(through: last, in: db) else {
      throw ReviewRefusal.periodMoved
    }
    let isAllOwn = try PeriodStore.isAllOwn(period, of: person, in: db)
    try period.checkSigning(by: person, isAllOwn: isAllOwn, seen: seen)
    return period
  }
}
