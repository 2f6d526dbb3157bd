import GRDB
import Rules

/// Growing waits after wrong passwords, counted per account and per address.
///
/// An attempt is counted before the password is looked at and taken back when it was right, so
/// that a hundred guesses sent at once are a hundred guesses.
enum Throttle {
  /// Attempts that cost nothing.
  static let free = 5
  /// The wait after the first that costs, doubled with each further one.
  static let firstWaitMs = 10 * Span.second
  /// The longest wait.
  static let waitMsMax = 15 * Span.minute
  /// How far apart the times of two that come at once may be.
  private static let clocksApartMs = Span.minute
  /// After this long without an attempt the count starts again.
  static let forgetMs = Span.hour

  /// Counts an attempt against each subject, unless one of them has to wait.
  /// - Returns: how long to wait, in milliseconds; 0 when the attempt may go on.
  static func attempt(_ subjects: [String], at now: Moment, in db: Database) throws -> Int64 {
    let wait = try subjects.map { try waitMs(of: $0, at: now, in: db) }.max() ?? 0
    guard wait == 0 else { return wait }
    try forget(at: now, in: db)
    for subject in subjects {
      try db.cachedStatement(
        sql: """
          INSERT INTO failures (subject, count, last_at) VALUES (?1, 1, ?2)
          ON CONFLICT (subject) DO UPDATE SET count = count + 1, last_at = ?2
          """
      ).execute(arguments: [subject, now.ms])
    }
    return 0
  }

  /// Forgets what is too long ago to count.
  static func forget(at now: Moment, in db: Database) throws {
    try db.execute(
      sql: "DELETE FROM failures WHERE last_at < ?", arguments: [now.adding(ms: -forgetMs).ms])
  }

  /// What was tried was right: the account starts afresh.
  static func succeeded(account: String, in db: Database) throws {
    try db.execute(sql: "DELETE FROM failures WHERE subject = ?", arguments: [account])
  }

  /// The password was right: the account starts afresh, and the address gets this one attempt
  /// back. Its others stay, or one known account would buy guesses at all the rest.
  static func succeeded(account: String, address: String, in db: Database) throws {
    try succeeded(account: account, in: db)
    try db.execute(
      sql: "DELETE FROM failures WHERE subject = ? AND count = 1", arguments: [address])
    try db.execute(
      sql: "UPDATE failures SET count = count - 1 WHERE subject = ?", arguments: [address])
  }

  private static func waitMs(
    of subject: String, at now: Moment, in db: Database
  ) throws -> Int64 {
    let row = try Row.fetchOne(
      db, sql: "SELECT count, last_at FROM failures WHERE subject = ?", arguments: [subject])
    // Of two that come at once the one that came first may be counted last: no wait by that.
    guard let row, case let wait = wait(after: row["count"]), wait > 0 else { return 0 }
    let passedMs = now.since(Moment(ms: row["last_at"]))
    // One in the future is of a clock that was set back: the wait would be longer by that.
    return passedMs < -clocksApartMs ? 0 : max(0, wait - passedMs)
  }

  private static func wait(after attempts: Int) -> Int64 {
    guard attempts > free else { return 0 }
    return min(firstWaitMs << Int64(min(attempts - free - 1, 20)), waitMsMax)
  }
}
