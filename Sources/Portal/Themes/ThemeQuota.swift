import GRDB
import HTTPTypes
import Rules

/// How much one person may put into the library of themes (OWASP ASVS 5.2.4).
enum ThemeQuota {
  /// The most bytes within ``withinMs``: eight archives of the largest size.
  static let bytesMax: Int64 = 512 << 20
  static let withinMs = Span.day

  /// Checks that a person may put in another archive. What was removed since counts too.
  /// - Throws: ``Failure`` that says when there is room again.
  static func check(_ person: Person, at now: Moment, in db: Database) throws {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT coalesce(sum(bytes), 0) AS bytes, min(made_at) AS first FROM themes
        WHERE made_by = ? AND made_at > ?
        """,
      arguments: [person.id, now.adding(ms: -withinMs).ms])
    guard let row, let first = (row["first"] as Int64?).map(Moment.init(ms:)),
      row["bytes"] as Int64 >= bytesMax
    else { return }
    throw Failure(
      status: .tooManyRequests, title: "Enough themes for a day",
      sentence: "You have put \(bytesMax >> 20) MiB of themes into the library within a day, "
        + "which is the most. Send the next after \(first.adding(ms: withinMs).words), or have "
        + "somebody else send it. Nothing was kept.")
  }
}
