import GRDB
import Rules

/// Something that is left for somebody to do.
struct Todo: Sendable {
  let number: Int64
  let title: String
  let change: Int64?
  let draft: Int64?
  let openedAt: Moment
  /// The finding it was born of; nil where no evidence opened it.
  let source: Source?
  /// The kind of change that mends it, where one does.
  let mendKind: String?
  let owner: Owner?
  let due: Day?
  let snooze: Snooze?
  let timesReopened: Int
  /// When it was done; nil while it is not.
  let closedAt: Moment?
  /// What was said when it was closed.
  let closingNote: String

  /// A finding at a site.
  struct Source: Hashable, Sendable {
    let site: String
    let finding: String
  }

  /// Whose it is.
  struct Owner: Sendable {
    let id: Int64
    let name: String
  }

  /// Out of sight until a day.
  struct Snooze: Sendable {
    let until: Day
    let reason: String
  }

  var isOpen: Bool { closedAt == nil }

  /// Whether it is open and out of sight.
  func isSnoozed(at now: Moment) -> Bool { isOpen && snooze.map { Day(now) < $0.until } ?? false }

  /// Whether its day is over; what is snoozed can wait.
  func isOverdue(at now: Moment) -> Bool {
    isOpen && !isSnoozed(at: now) && due.map { $0 < Day(now) } ?? false
  }
}

extension Todo {
  /// A row of `todos` with its owner's name as `owner_name`.
  init(row: Row) {
    let (site, finding): (String?, String?) = (row["site"], row["finding"])
    let (owner, name): (Int64?, String?) = (row["owner_id"], row["owner_name"])
    let (due, until): (Int64?, Int64?) = (row["due_day"], row["snoozed_until"])
    let closedAt: Int64? = row["closed_at"]
    self.init(
      number: row["number"], title: row["title"], change: row["change"], draft: row["draft"],
      openedAt: Moment(ms: row["opened_at"]),
      source: finding.map { Source(site: site ?? "", finding: $0) }, mendKind: row["mend_kind"],
      owner: owner.map { Owner(id: $0, name: name ?? "person \($0)") },
      due: due.map(Day.init(number:)),
      snooze: until.map {
        Snooze(until: Day(number: $0), reason: row["snooze_reason"] ?? "")
      },
      timesReopened: row["reopened"], closedAt: closedAt.map(Moment.init(ms:)),
      closingNote: row["note"] ?? "")
  }
}
