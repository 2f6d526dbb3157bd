import GRDB
import Rules

/// A delivery as the page tells of it.
struct RecentDelivery: Sendable {
  let number: Int64
  let subject: String
  let body: String
  let path: String
  let channel: Notice.Channel
  /// The name of whose it is; nil for everybody's.
  let person: String?
  let tries: Int
  let nextTryAt: Moment?
  let outcome: String?
  let endedAt: Moment?
  let problem: String
  let madeAt: Moment

  /// How many are shown.
  static let shownMax = 50

  /// The newest, and before them what waits or of late is not known to have arrived.
  static func all(at now: Moment, in db: Database) throws -> [RecentDelivery] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT deliveries.*, subject, body, path, made_at, people.name AS person
        FROM deliveries JOIN notices ON notices.number = notice
        LEFT JOIN people ON people.id = person_id
        ORDER BY outcome IS NULL OR (outcome <> 'sent' AND ended_at > ?) DESC,
          deliveries.number DESC LIMIT ?
        """, arguments: [now.adding(ms: -DeliveryStore.shownMs).ms, shownMax]
    ).compactMap { row in
      Notice.Channel(rawValue: row["channel"]).map { channel in
        RecentDelivery(
          number: row["number"], subject: row["subject"], body: row["body"], path: row["path"],
          channel: channel,
          person: row["person"], tries: row["tries"],
          nextTryAt: (row["next_try_at"] as Int64?).map(Moment.init(ms:)),
          outcome: row["outcome"],
          endedAt: (row["ended_at"] as Int64?).map(Moment.init(ms:)), problem: row["problem"],
          madeAt: Moment(ms: row["made_at"]))
      }
    }
  }
}
