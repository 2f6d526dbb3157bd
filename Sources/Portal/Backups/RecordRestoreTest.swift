import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Notes that a person has restored a backup, and whether that worked.
  func recordRestoreTest(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let (what, note) = (visit.field("what"), visit.field("note"))
    let worked = visit.field("worked")
    let mistakes = Self.restoreTestMistakes(what: what, worked: worked, note: note)
    guard mistakes.isEmpty else { return try await backups(problems: mistakes, visit) }
    try await storage.write { [now = visit.now, site = configuration.sites[0].name] db in
      try RestoreTestStore.record(
        what, worked: worked == "yes", note: note, site: site, by: person, at: now, in: db)
    }
    return .seeOther("/backups", saying: .tested)
  }

  /// The longest name of what was restored, as RDS limits a snapshot's.
  private static let whatLengthMax = 255

  /// What is not right with the form.
  static func restoreTestMistakes(what: String, worked: String, note: String) -> [Mistake] {
    let subject: String? =
      if what.isEmpty {
        "Say what you restored: the snapshot's name, or the moment."
      } else if what.unicodeScalars.count > whatLengthMax {
        "Name what you restored in \(whatLengthMax) characters or less."
      } else {
        Refusal.secret(in: [what])?.sentence
      }
    let said: String? =
      if note.isEmpty {
        "Say how you saw that, for whoever reads it in a year."
      } else if note.unicodeScalars.count > reasonLengthMax {
        "The note is longer than \(reasonLengthMax) characters."
      } else {
        Refusal.secret(in: [note])?.sentence
      }
    let isAnswered = ["yes", "no"].contains(worked)
    return [
      subject.map { Mistake($0, at: "what") },
      isAnswered ? nil : Mistake("Say whether it worked.", at: "worked"),
      said.map { Mistake($0, at: "note") },
    ].compactMap { $0 }
  }
}
