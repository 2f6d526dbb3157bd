import GRDB
import Rules

/// Telling people of changes, in the transaction that moves them.
extension ChangeStore {
  /// Asks everybody whose approval would count and who has not voted to look at a change that
  /// waits for it.
  static func askForReview(
    of number: Int64, besides actor: Int64? = nil, in house: House, _ db: Database
  ) throws {
    let change = try find(number, in: db)
    guard change.storedState == .pending else { return }
    try NoticeStore.add(
      .needsReview(change, until: change.reviewBy),
      for: change.reviewers(in: house).filter { $0.id != actor }, at: house.now, in: db)
  }

  /// Tells those whom a change concerns what became of it.
  /// - Parameter before: the change as it was.
  static func tell(
    of before: Change, by actor: AuditLog.Actor, at now: Moment, in db: Database
  ) throws {
    let change = try find(before.number, in: db)
    let state = change.storedState
    guard state != before.storedState else { return }
    let notice: Notice
    switch state {
    case .executing, .verifying: return
    case .pending:
      let house = try HouseStore.house(at: now, in: db)
      return try askForReview(of: change.number, besides: actor.person?.id, in: house, db)
    case .succeeded, .failedNoEffect, .failedPartial, .unknown:
      notice = .ended(change, in: state)
    case .approved, .rejected, .withdrawn, .revoked, .expired, .stale:
      notice = .decided(change, to: state, runBy: change.runBy)
    }
    let people = change.concerned(
      among: try PersonStore.all(in: db), besides: actor.person?.id)
    try NoticeStore.add(notice, for: people, at: now, in: db)
  }

  /// Tells, once, of a change whose time is nearly over.
  static func tellExpiry(of change: Change, in house: House, _ db: Database) throws {
    guard let expiry = change.expiry(in: house) else { return }
    let isApproved = change.storedState == .approved
    try NoticeStore.add(
      .expiring(change, at: expiry, isApproved: isApproved), for: change.awaiting(in: house),
      once: "CR-\(change.number) expires \(expiry.ms)", at: house.now, in: db)
  }
}

extension AuditLog.Actor {
  /// The person; nil for Caretaker itself and the command line.
  var person: Person? { if case .person(let person) = self { person } else { nil } }
}
