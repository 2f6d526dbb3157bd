import GRDB
import HTTP
import Rules

extension Portal {
  /// What can be found, as the form says it.
  static let findings: [String: ChangeState] = [
    "done": .succeeded, "not-done": .failedNoEffect, "partly": .failedPartial,
  ]

  /// What a person found about a change whose outcome nobody saw. Never one who ran it.
  func recordFinding(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    let note = String(visit.field("note").prefix(Self.reasonLengthMax))
    return try await auditingRefusal(of: "settle", number, by: person, visit) {
      guard let state = Self.findings[visit.field("found")], !note.isEmpty else {
        throw Refusal.findingIncomplete
      }
      try await self.storage.write { [now = visit.now] db in
        let change = try ChangeStore.find(number, in: db)
        try change.checkFinding(
          by: person, executors: ExecutionStore.executors(of: change.id, in: db),
          in: HouseStore.house(at: now, in: db))
        try AuditLog.append(
          .changeFound(number: number, state: state, note: note), by: .person(person), at: now,
          in: db)
        try ChangeStore.move(
          change, to: state, why: "A person has looked.", by: .person(person), at: now,
          in: db)
      }
      return .seeOther("/changes/\(number)", saying: .found)
    }
  }
}
