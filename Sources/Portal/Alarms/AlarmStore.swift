import GRDB
import Rules

/// A state that an alarm went into.
struct AlarmChange: Sendable {
  let name: String
  /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
  let state: String
  /// Since when it is so, as CloudWatch tells it.
  let at: Moment
  /// Why, in CloudWatch's words.
  let reason: String
}

/// The history of alarms, kept longer than CloudWatch keeps it.
enum AlarmStore {
  /// The most that are shown.
  static let shownMax = 20
  /// How long they are kept.
  static let keptMs = 365 * Span.day
  /// The most of a reason that is kept.
  private static let reasonLengthMax = 500

  /// Notes each alarm that is in another state than it was read in before; one that is new, where
  /// it is raised. To be called before the reading takes the place of the last.
  static func see(_ facts: AlarmFacts, site: String, at now: Moment, in db: Database) throws {
    let before = try ObservationStore.facts(AlarmFacts.self, site: site, in: db)
    let states = Dictionary(before?.facts.alarms.map { ($0.name, $0.state) } ?? []) { first, _ in
      first
    }
    for alarm in facts.alarms where alarm.state != states[alarm.name] {
      guard states[alarm.name] != nil || alarm.isRaised else { continue }
      let reason = SecretScan.redacted(alarm.reason).prefix(reasonLengthMax)
      try db.execute(
        sql: """
          INSERT INTO alarm_changes (site, name, at, state, reason) VALUES (?1, ?2, ?3, ?4, ?5)
          ON CONFLICT (site, name, at) DO UPDATE SET state = ?4, reason = ?5
          """,
        arguments: [site, alarm.name, (alarm.since ?? now).ms, alarm.state, String(reason)])
    }
  }

  /// The last changes, newest first.
  static func newest(
    _ limit: Int = shownMax, site: String, in db: Database
  ) throws -> [AlarmChange] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM alarm_changes WHERE site = ? ORDER BY at DESC, name LIMIT ?",
      arguments: [site, limit]
    ).map { row in
      AlarmChange(
        name: row["name"], state: row["state"], at: Moment(ms: row["at"]), reason: row["reason"])
    }
  }

  /// Forgets what is older than it is kept.
  static func prune(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM alarm_changes WHERE at < ?", arguments: [now.adding(ms: -keptMs).ms])
  }
}

extension AlarmSummary {
  /// Whether what it watches for is so.
  var isRaised: Bool { state == "ALARM" }
}

extension AlarmChange {
  /// The state in a word or two.
  var words: String {
    switch state {
    case "ALARM": "raised"
    case "OK": "in order"
    case "INSUFFICIENT_DATA": "without data"
    default: state.lowercased()
    }
  }
}

extension Tag {
  /// The state of an alarm. One without data is not in order.
  init(_ alarm: AlarmChange) {
    switch alarm.state {
    case "ALARM": self.init("danger", "Raised")
    case "OK": self.init("good", "In order")
    default: self.init("unknown", "No data")
    }
  }
}
