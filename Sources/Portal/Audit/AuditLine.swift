import Mustache
import Rules

/// An entry of the log for people.
struct AuditLine: TemplateData {
  let seq: String
  let actor: String
  let sentence: String
  let type: String
  let tone: String
  /// The address of the entry itself.
  let entry: String
  /// How it came out, where that is not as wished.
  let tag: Tag?
  let href: String
  let change: String
  let when: When

  static let fields: [Field<AuditLine>] = [
    .text("seq", { $0.seq }), .text("actor", { $0.actor }), .text("sentence", { $0.sentence }),
    .text("type", { $0.type }), .text("tone", { $0.tone }), .link("entry", { $0.entry }),
    .item("tag", { $0.tag }), .link("href", { $0.href }),
    .text("change", { $0.change }), .item("when", { $0.when }),
  ]

  init(_ entry: AuditEntry, people: [Person], now: Moment) {
    seq = String(entry.seq)
    actor = entry.actorName(among: people)
    sentence = entry.sentence(among: people)
    type = entry.type
    tone = Self.tone(of: entry)
    self.entry = "/audit/entries/\(entry.seq)"
    tag =
      entry.damage.map { _ in .damaged }
      ?? Tag(AuditOutcome(type: entry.type, data: entry.data))
    href = entry.change.map { "/changes/\($0)" } ?? "/audit"
    change = entry.change.map { "CR-\($0)" } ?? ""
    when = When(entry.at, now: now)
  }

  private static func tone(of entry: AuditEntry) -> String {
    switch entry.type {
    case _ where entry.damage != nil: "danger"
    case "session.refused", "access.refused", "change.refused", "change.rejected": "danger"
    case "change.moved", "change.found":
      switch entry.data["state"]?.text.flatMap(ChangeState.init) {
      case .succeeded: "good"
      case .unknown: "unknown"
      case .failedNoEffect, .failedPartial: "danger"
      default: "neutral"
      }
    case "step.finished":
      switch entry.data["outcome"]?.text {
      case "done": "good"
      case "unknown": "unknown"
      default: "danger"
      }
    case "change.approved": "good"
    default: "neutral"
    }
  }
}

extension AuditEntry {
  /// Who did it, as people say it; empty for a damaged entry, which does not tell.
  func actorName(among people: [Person]) -> String {
    guard damage == nil else { return "" }
    let others = ["portal": "Caretaker", "command": "Command line", "visitor": "A visitor"]
    return personID.map(people.name) ?? others[actor] ?? actor
  }

  /// What happened, without who.
  func sentence(among people: [Person]) -> String {
    damage?.sentence ?? AuditSentence.of(type: type, data: data, name: people.name)
  }
}

extension [Person] {
  /// The name of a person by their number; “person 4” for one who is not among them.
  func name(of id: Int64) -> String { first { $0.id == id }?.name ?? "person \(id)" }
}

extension Tag {
  /// An outcome; none for what went as it should.
  init?(_ outcome: AuditOutcome) {
    switch outcome {
    case .good: return nil
    case .refused, .failed: self.init("danger", outcome.word)
    case .unknown: self.init("unknown", outcome.word)
    }
  }
}
