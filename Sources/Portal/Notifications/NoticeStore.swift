import GRDB
import Rules

/// Notices in the database: writing them, in the transaction of what they tell of.
enum NoticeStore {
  /// How long notices and what became of them are kept.
  static let keptMs = 90 * Span.day

  /// Writes a notice and its deliveries.
  /// - Parameters:
  ///   - people: who is to be told, as far as they want to be.
  ///   - once: names what is told once only; nil to tell it each time.
  /// - Returns: its number; nil where nobody is to be told, or it was told before.
  @discardableResult
  static func add(
    _ notice: Notice, for people: [Person], once: String? = nil, at now: Moment, in db: Database
  ) throws -> Int64? {
    guard !people.isEmpty else { return nil }
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO notices (kind, thread, subject, body, path, change, once, made_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        notice.kind.rawValue, notice.thread, notice.subject, notice.body, notice.path,
        notice.change, once, now.ms,
      ])
    guard db.changesCount == 1 else { return nil }
    let number = db.lastInsertedRowID
    let targets = Notice.targets(
      of: notice.kind, for: people, by: try channels(in: db), addressed: try addressed(in: db),
      choices: try NoticeChoices.all(of: notice.kind, in: db))
    for target in targets {
      try db.execute(
        sql: """
          INSERT INTO deliveries (notice, channel, person_id, next_try_at) VALUES (?, ?, ?, ?)
          """, arguments: [number, target.channel.rawValue, target.person, now.ms])
    }
    return number
  }

  /// The ways there are, as the last start read the configuration.
  static func channels(in db: Database) throws -> Set<Notice.Channel> {
    let names = try String.fetchAll(db, sql: "SELECT channel FROM notice_channels")
    return Set(names.compactMap(Notice.Channel.init))
  }

  /// Who has an address for mail.
  private static func addressed(in db: Database) throws -> Set<Int64> {
    try Int64.fetchSet(db, sql: "SELECT person_id FROM people_addresses")
  }

  /// Notes the ways that a start has found in the configuration, and settles what an earlier one
  /// was sending when it ended.
  static func begin(_ channels: Set<Notice.Channel>, at now: Moment, in db: Database) throws {
    try db.execute(sql: "DELETE FROM notice_channels")
    for channel in channels {
      try db.execute(
        sql: "INSERT INTO notice_channels (channel) VALUES (?)", arguments: [channel.rawValue])
    }
    for delivery in try DeliveryStore.underWay(in: db) {
      try DeliveryStore.settle(
        delivery, .lost("Caretaker stopped while it was being sent."), at: now, in: db)
    }
  }

  /// Removes notices that nobody looks at any more.
  static func prune(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM notices WHERE made_at < ?", arguments: [now.adding(ms: -keptMs).ms])
  }
}
