import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Whether a person's calendar program reads the due dates.
  func showCalendar(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let madeAt = try await storage.read { try CalendarStore.madeAt(of: person, in: $0) }
    return page(CalendarPage(madeAt: madeAt, address: "", now: visit.now), for: visit)
  }

  /// Makes an address for a calendar program, which this one page shows; the one before it ends.
  func makeCalendar(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let key = try Token(outside)
    try await storage.write { [now = visit.now] db in
      try CalendarStore.set(keyHash: key.hash, of: person, at: now, in: db)
      try AuditLog.append(.calendarMade, by: .person(person), at: now, in: db)
    }
    let address = ownAddress(visit) + "/calendars/" + key.text
    return page(CalendarPage(madeAt: visit.now, address: address, now: visit.now), for: visit)
  }

  /// Ends the address.
  func endCalendar(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    try await storage.write { [now = visit.now] db in
      guard try CalendarStore.end(of: person, in: db) else { return }
      try AuditLog.append(.calendarEnded, by: .person(person), at: now, in: db)
    }
    return .seeOther("/calendar", saying: .calendarEnded)
  }

  /// The due dates of everything open, for whoever has an address of a calendar.
  func readCalendar(_ visit: Visit) async throws -> Response {
    let hash = Token(visit.parameters["key"] ?? "").hash
    let body = try await storage.read { [now = visit.now] db -> [UInt8] in
      guard try CalendarStore.isKnown(keyHash: hash, in: db) else { throw Failure.notFound }
      return try Self.calendar(of: TodoStore.open(in: db), at: now, in: db)
    }
    return Response(
      headers: [.contentType: "text/calendar; charset=utf-8", .cacheControl: "no-store"],
      body: body)
  }
}
