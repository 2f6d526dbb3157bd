import HTTP
import Rules

/// Ending a change before anything was sent.
extension Portal {
  /// Takes one's own change back.
  func withdrawChange(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    return try await auditingRefusal(of: "withdraw", number, by: person, visit) {
      try await self.storage.write { [now = visit.now] db in
        let change = try ChangeStore.find(number, in: db)
        try change.checkWithdrawal(by: person, in: HouseStore.house(at: now, in: db))
        try ChangeStore.end(
          change, as: .withdrawn, .changeWithdrawn(number: number), by: .person(person), at: now,
          in: db)
      }
      return .seeOther("/changes/\(number)", saying: .withdrawn)
    }
  }

  /// Stops a change for good, because it is not safe any more.
  func revokeChange(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    let note = String(visit.field("note").prefix(Self.reasonLengthMax))
    return try await auditingRefusal(of: "stop", number, by: person, visit) {
      try await self.storage.write { [now = visit.now] db in
        let change = try ChangeStore.find(number, in: db)
        try change.checkRevocation(
          by: person, note: note, in: HouseStore.house(at: now, in: db))
        try ChangeStore.end(
          change, as: .revoked, .changeRevoked(number: number, note: note), by: .person(person),
          at: now, in: db)
      }
      return .seeOther("/changes/\(number)", saying: .revoked)
    }
  }
}
