import GRDB
import Rules

/// Telling people of findings that turn red.
extension FindingStore {
  /// Tells whoever wants to know of findings that were not red when they were last known. One
  /// notice for all of a poll.
  static func tell(
    of red: [Finding], site: String, at now: Moment, in db: Database
  ) throws {
    guard !red.isEmpty else { return }
    let people = try PersonStore.all(in: db).filter { !$0.isDisabled }
    try NoticeStore.add(.red(red, site: site), for: people, at: now, in: db)
  }

  /// Whether a finding is red and was not, as far as anybody could tell. Asked before the turn is
  /// kept. What could not be told for a while and is as before has not turned.
  static func isTurningRed(_ finding: Finding, site: String, in db: Database) throws -> Bool {
    guard finding.outcome == .fail, finding.health == .danger else { return false }
    let last = try String.fetchOne(
      db,
      sql: """
        SELECT outcome FROM finding_turns WHERE site = ? AND id = ? AND outcome <> 'no_data'
        ORDER BY at DESC LIMIT 1
        """, arguments: [site, finding.id])
    return last == "pass"
  }
}
