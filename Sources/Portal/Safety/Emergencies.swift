import HTTP
import Rules

extension Portal {
  /// Declares an emergency: for half an hour one person runs what restores the service without an
  /// approval. Every page says so from now on.
  func declareEmergency(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let reason = String(visit.field("reason").unicodeScalars.prefix(Self.reasonLengthMax))
    return try await mending(visit, by: person, act: "declare an emergency") {
      if let problem = Self.problem(with: reason) { throw problem }
      try await self.storage.read { [now = visit.now] db in
        try HouseStore.house(at: now, in: db).checkEmergency(by: person, reason: reason)
      }
      _ = try await self.confirm(person, visit)
      try await self.storage.write { [now = visit.now] db in
        try HouseStore.house(at: now, in: db).checkEmergency(by: person, reason: reason)
        try HouseStore.declareEmergency(by: person, reason: reason, at: now, in: db)
      }
      return .seeOther("/safety", saying: .emergency)
    }
  }

  /// Notes that a second person has looked at what was done in an emergency.
  func reviewEmergency(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    let note = String(visit.field("note").unicodeScalars.prefix(Self.reasonLengthMax))
    return try await mending(visit, by: person, act: "review an emergency") {
      if let problem = Self.problem(with: note) { throw problem }
      try await self.storage.write { [now = visit.now] db in
        guard
          let emergency = try HouseStore.emergencies(in: db).first(where: { $0.number == number })
        else { throw Failure.notFound }
        let house = try HouseStore.house(at: now, in: db)
        try house.checkReview(of: emergency, by: person)
        try HouseStore.review(emergency, by: person, note: note, at: now, in: db)
      }
      return .seeOther("/safety", saying: .reviewed)
    }
  }

  /// Does an act; a refusal is written to the log and comes back to the page with its sentence.
  private func mending(
    _ visit: Visit, by person: Person, act: String, _ work: () async throws -> Response
  ) async throws -> Response {
    do {
      return try await work()
    } catch let refusal as Refusal {
      try await logRefusal(
        .actRefused(act: act, why: refusal.entry), by: person, at: visit.now)
      return try await safety(problems: [Mistake(refusal, in: visit.form)], visit)
    }
  }
}
