import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Notes that a person has restored a backup, and whether that worked.
  func recordRestoreTest(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let (what, note) = (visit.field("what"), visit.field("note"))
    let worked = visit.field("worked")
    if let problem = Self.problem(what: what, worked: worked, note: note) {
      return try await backups(problem: problem, visit)
    }
    if let refusal = Refusal.secret(in: [what, note]) {
      return try await backups(problem: Mistake(refusal, in: visit.form), visit)
    }
    try await storage.write { [now = visit.now, site = configuration.sites[0].name] db in
      try RestoreTestStore.record(
        what, worked: worked == "yes", note: note, site: site, by: person, at: now, in: db)
    }
    return .seeOther("/backups", saying: .tested)
  }

  /// The longest name of what was restored, as RDS limits a snapshot's.
  private static let whatLengthMax = 255

  private static func problem(what: String, worked: String, note: String) -> Mistake? {
    if what.isEmpty {
      return Mistake("Say what you restored: the snapshot's name, or the moment.", at: "what")
    }
    if what.unicodeScalars.count > whatLengthMax {
      return Mistake("Name what you restored in \(whatLengthMax) characters or less.", at: "what")
    }
    if !["yes", "no"].contains(worked) { return Mistake("Say whether it worked.", at: "worked") }
    if note.isEmpty {
      return Mistake("Say how you saw that, for whoever reads it in a year.", at: "note")
    }
    if note.unicodeScalars.count > reasonLengthMax {
      return Mistake("The note is longer than \(reasonLengthMax) characters.", at: "note")
    }
    return nil
  }
}
