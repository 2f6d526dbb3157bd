import GRDB
import HTTPTypes
import Rules

/// How much one person may put into the library of themes (OWASP ASVS 5.2.4).
enum ThemeQuota {
  /// The most bytes within ``withinMs``: eight archives of the largest size.
  static let bytesMax: Int64 = 512 << 20
  static let withinMs = Span.day

  /// Checks that a person may put in another archive. What was removed since counts too.
  /// - Parameter bytes: how long the archive is; 1 while nobody knows.
  /// - Throws: ``Failure`` that says when there is room for it.
  static func check(_ person: Person, adding bytes: Int64, at now: Moment, in db: Database) throws {
    let sent = try Row.fetchAll(
      db, sql: "SELECT bytes, made_at FROM themes WHERE made_by = ? AND made_at > ?",
      arguments: [person.id, now.adding(ms: -withinMs).ms]
    ).map { (bytes: $0["bytes"] as Int64, at: Moment(ms: $0["made_at"])) }
    guard let free = freeAt(bytes, after: sent) else { return }
    throw Failure(
      status: .tooManyRequests, title: "Enough themes for a day",
      sentence: "Within a day one person may put \(bytesMax >> 20) MiB of themes into the "
        + "library, and with this one you would have put in more. Send it after \(free.words), or "
        + "have somebody else send it. Nothing was kept.")
  }

  /// When as much of what was sent is older than a day that there is room again; nil where there
  /// is room now.
  static func freeAt(_ bytes: Int64, after sent: [(bytes: Int64, at: Moment)]) -> Moment? {
    var taken = sent.reduce(0) { $0 + $1.bytes }
    var free: Moment?
    for one in sent.sorted(by: { $0.at < $1.at }) where taken > bytesMax - bytes {
      taken -= one.bytes
      free = one.at.adding(ms: withinMs)
    }
    return free
  }
}
