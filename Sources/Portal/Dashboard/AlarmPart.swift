import GRDB
import Mustache
import Rules

/// The alarms: those raised, or that none is, and what they did last.
struct AlarmPart: TemplateData {
  /// The most changes that are shown.
  static let changesMax = 5

  /// Those raised, with since when.
  let raised: [Line]
  /// How they stand, in one line.
  let words: String
  /// Whether that is not known now.
  let isUnknown: Bool
  let changes: [Line]

  static let fields: [Field<AlarmPart>] = [
    .list("raised", { $0.raised }), .flag("anyRaised", { !$0.raised.isEmpty }),
    .text("words", { $0.words }), .flag("unknown", { $0.isUnknown }),
    .list("changes", { $0.changes }), .flag("anyChange", { !$0.changes.isEmpty }),
  ]

  /// An alarm in a state.
  struct Line: TemplateData {
    let change: AlarmChange
    let when: When?

    static let fields: [Field<Line>] = [
      .item("tag", { Tag($0.change) }), .text("name", { $0.change.name }),
      .text("reason", { $0.change.reason }), .item("when", { $0.when }),
    ]
  }
}

extension AlarmPart {
  /// The alarms as last read. Where the last reading failed, or is old, nothing is said of them.
  init(_ view: ResourceView, in db: Database) throws {
    let seen = try Watch.of(.alarms).flatMap {
      try view.standing(of: $0, [], in: db)
    }
    let history = try AlarmStore.newest(Self.changesMax, site: view.site, in: db)
    changes = history.map { Line(change: $0, when: When($0.at, now: view.now)) }
    guard let seen, seen.isKnown, let facts = seen.facts as? AlarmFacts else {
      raised = []
      isUnknown = true
      words = seen?.whyUnknown(at: view.now) ?? "Nothing has been read yet."
      return
    }
    isUnknown = false
    raised = facts.alarms.filter(\.isRaised).map { alarm in
      Line(
        change: AlarmChange(
          name: alarm.name, state: alarm.state, at: alarm.since ?? view.now, reason: alarm.reason),
        when: alarm.since.map { When($0, now: view.now) })
    }
    words = facts.known.capitalizedFirst
  }
}
