import GRDB
import Rules

extension Todo.Source {
  /// Of the installation itself: that a backup of it is brought back now and then.
  static let restoreDrill = Todo.Source(site: "", finding: "caretaker.restore-drill")
}

extension TodoStore {
  /// Opens, closes and reopens the drill that is left to be made, by the last one.
  static func followDrills(at now: Moment, in db: Database) throws {
    let standing = RestoreDrillStanding(last: try RestoreDrillStore.last(in: db), at: now)
    let todo = try find(of: .restoreDrill, in: db)
    switch (standing.turn(isOpen: todo?.isOpen, at: now), todo?.number) {
    case (.open(let due)?, _):
      try open(
        RestoreDrillStanding.title, of: .restoreDrill, due: due, note: standing.sentence, at: now,
        in: db)
    case (.reopen(let due)?, let number?):
      try reopen(number, due: due, by: .portal, note: standing.sentence, at: now, in: db)
    case (.close(let note)?, let number?):
      try close(number, by: .portal, note: note, at: now, in: db)
    default: break
    }
  }
}
