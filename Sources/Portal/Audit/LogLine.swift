import GRDB
import Rules

extension Portal {
  /// How many entries the log has, and how many of them are anchored, for the foot of every page.
  func logLine(at now: Moment, in db: Database) throws -> String {
    let count = try AuditStore.head(in: db).count
    let entries = "Log: \(count) \(count == 1 ? "entry" : "entries"), "
    guard configuration.anchor != nil else { return entries + "not anchored outside" }
    let through = try AnchorStore.anchoredThrough(in: db)
    guard through > 0, let newest = try AnchorStore.newest(in: db) else {
      return entries + "none anchored yet"
    }
    let rest = count > through ? "; \(count - through) not yet anchored" : ""
    let age = When.relative(ms: now.since(newest.at))
    return entries + "anchored through \(through), \(age)" + rest
  }
}
