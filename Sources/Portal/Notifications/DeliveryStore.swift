import GRDB
import Rules

/// A notice on its way by one channel, as it is to be sent now.
struct NoticeDelivery: Sendable {
  let number: Int64
  /// How often it was tried, this time included.
  let tries: Int
  let channel: Notice.Channel
  let notice: Notice
  /// The notice's number, which names it to mail programs.
  let noticeNumber: Int64
  let madeAt: Moment
  /// Whose it is; nil for everybody's.
  let person: Int64?
  /// Where mail goes; nil where there is no address, or no such person any more.
  let address: String?
  /// The newest signed checkpoint of the log when the notice was made, so that mail anchors the log
  /// where nobody here can change it; empty before the first.
  let checkpoint: String
}

/// What became of one try.
enum DeliveryOutcome: Sendable, Equatable {
  /// The other side has it.
  case sent
  /// The other side has not got it, for this reason.
  case refused(String)
  /// Nobody knows whether the other side has it.
  case lost(String)
  /// It can't be sent at all, and no other try will change that.
  case impossible(String)
}

/// Deliveries in the database.
enum DeliveryStore {
  /// Most deliveries by one channel between two looks for what is due.
  static let atOnceMax = 20
  /// How long pages tell of what was not delivered.
  static let shownMs = Span.day

  private static let select = """
    SELECT deliveries.*, notices.kind, thread, subject, body, path, change, made_at,
      (SELECT note FROM checkpoints WHERE at <= made_at ORDER BY size DESC LIMIT 1) AS checkpoint,
      iif(disabled_at IS NULL, address, NULL) AS address
    FROM deliveries JOIN notices ON notices.number = notice
    LEFT JOIN people ON people.id = deliveries.person_id
    LEFT JOIN people_addresses USING (person_id)
    """

  /// Those that are due by a channel, the oldest first.
  static func due(
    by channel: Notice.Channel, at now: Moment, in db: Database
  ) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT number FROM deliveries WHERE outcome IS NULL AND next_try_at <= ? AND channel = ?
        ORDER BY next_try_at, number LIMIT ?
        """, arguments: [now.ms, channel.rawValue, atOnceMax])
  }

  /// Notes that a delivery is about to be sent: from now on nobody knows what becomes of it until
  /// that is noted too.
  /// - Returns: nil where somebody else has taken it.
  static func take(_ number: Int64, at now: Moment, in db: Database) throws -> NoticeDelivery? {
    try db.execute(
      sql: """
        UPDATE deliveries SET tries = tries + 1, next_try_at = NULL
        WHERE number = ? AND outcome IS NULL AND next_try_at <= ?
        """, arguments: [number, now.ms])
    guard db.changesCount == 1 else { return nil }
    return try Row.fetchOne(
      db, sql: select + " WHERE deliveries.number = ?", arguments: [number]
    ).flatMap(NoticeDelivery.init)
  }

  /// Those that an earlier start was sending when it ended.
  static func underWay(in db: Database) throws -> [NoticeDelivery] {
    try Row.fetchAll(db, sql: select + " WHERE outcome IS NULL AND next_try_at IS NULL")
      .compactMap(NoticeDelivery.init)
  }

  /// Writes what became of a try.
  static func settle(
    _ delivery: NoticeDelivery, _ outcome: DeliveryOutcome, at now: Moment, in db: Database
  ) throws {
    switch outcome {
    case .sent: try end(delivery, "sent", "", at: now, in: db)
    case .impossible(let problem): try end(delivery, "failed", problem, at: now, in: db)
    case .lost(let problem) where !delivery.channel.mayRepeat:
      let words = problem + " It may have arrived, so it is not sent again."
      try end(delivery, "unknown", words, at: now, in: db)
    case .refused(let problem), .lost(let problem):
      guard let next = NoticeClock.next(after: delivery.tries, at: now) else {
        let isLost = if case .lost = outcome { true } else { false }
        return try end(delivery, isLost ? "unknown" : "failed", problem, at: now, in: db)
      }
      try db.execute(
        sql: "UPDATE deliveries SET next_try_at = ?, problem = ? WHERE number = ?",
        arguments: [next.ms, problem, delivery.number])
    }
  }

  private static func end(
    _ delivery: NoticeDelivery, _ outcome: String, _ problem: String, at now: Moment,
    in db: Database
  ) throws {
    try db.execute(
      sql: """
        UPDATE deliveries SET outcome = ?, ended_at = ?, next_try_at = NULL, problem = ?
        WHERE number = ?
        """, arguments: [outcome, now.ms, problem, delivery.number])
  }

  /// Makes one that has not arrived, or is not known to have, due at once, with all its tries.
  /// - Returns: its notice; nil for one that was sent or is under way.
  static func retry(_ number: Int64, at now: Moment, in db: Database) throws -> Int64? {
    try db.execute(
      sql: """
        UPDATE deliveries SET outcome = NULL, ended_at = NULL, tries = 0, next_try_at = ?
        WHERE number = ? AND (outcome IN ('failed', 'unknown')
          OR outcome IS NULL AND next_try_at IS NOT NULL)
        """, arguments: [now.ms, number])
    guard db.changesCount == 1 else { return nil }
    return try Int64.fetchOne(
      db, sql: "SELECT notice FROM deliveries WHERE number = ?", arguments: [number])
  }

  /// How many ways a notice takes.
  static func count(of notice: Int64, in db: Database) throws -> Int {
    try Int.fetchOne(
      db, sql: "SELECT count(*) FROM deliveries WHERE notice = ?", arguments: [notice]) ?? 0
  }

  /// What every page says where notices do not get out; nil where they do.
  static func problem(at now: Moment, in db: Database) throws -> String? {
    let counts = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT
            (SELECT count(*) FROM deliveries WHERE outcome IS NULL AND tries > 0
              AND next_try_at IS NOT NULL) AS waiting,
            (SELECT count(*) FROM deliveries WHERE outcome IN ('failed', 'unknown')
              AND ended_at > ?) AS lost
          """), arguments: [now.adding(ms: -shownMs).ms])
    guard let counts, counts["waiting"] + counts["lost"] > 0 else { return nil }
    let (waiting, lost): (Int, Int) = (counts["waiting"], counts["lost"])
    let parts = [
      waiting > 0 ? "\(waiting) wait\(waiting == 1 ? "s" : "") for another try" : nil,
      lost > 0
        ? "\(lost) of the last day \(lost == 1 ? "is" : "are") not known to have arrived" : nil,
    ]
    return "Notices do not get out: " + parts.compactMap { $0 }.joined(separator: ", ")
      + ". Notifications, under your name, says why."
  }
}

extension NoticeDelivery {
  /// A row; nil when this version does not know what it says.
  init?(row: Row) {
    guard let channel = Notice.Channel(rawValue: row["channel"]),
      let kind = Notice.Kind(rawValue: row["kind"])
    else { return nil }
    self.init(
      number: row["number"], tries: row["tries"], channel: channel,
      notice: Notice(
        kind: kind, thread: row["thread"], subject: row["subject"], body: row["body"],
        path: row["path"], change: row["change"]),
      noticeNumber: row["notice"], madeAt: Moment(ms: row["made_at"]), person: row["person_id"],
      address: row["address"], checkpoint: row["checkpoint"] ?? "")
  }
}
