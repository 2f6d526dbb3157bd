import Foundation
import GRDB

/// Whether the last write found the file writable, and how many there were.
///
/// `@unchecked Sendable`: `lock` guards all that changes.
final class LastWrite: @unchecked Sendable {
  private let lock = NSLock()
  private var why: String?
  private var count = 0

  /// Why the last write could not be kept; nil when it could.
  var problem: String? { lock.withLock { why } }

  /// Writes since the start: whoever sees another number sees other rows.
  var writes: Int { lock.withLock { count } }

  func succeeded() {
    lock.withLock {
      why = nil
      count += 1
    }
  }

  /// Takes note of an error that is the file's; any other is the transaction's own affair.
  func failed(_ error: DatabaseError) {
    guard let sentence = error.unwritable else { return }
    lock.withLock { why = sentence }
  }
}

/// What a run did was written, but later than it should have been.
struct LateOutcome: Error {}

extension Portal {
  /// An error as a command ends by it: what is wrong with the database's file in words.
  public static func inWords(_ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    let sentence = error.isHeld ? DatabaseError.heldSentence + " Try again." : error.unwritable
    return sentence.map(StorageProblem.init) ?? error
  }
}

extension DatabaseError {
  /// Why the file can't be written, and what to do; nil when the error says nothing of the kind.
  var unwritable: String? {
    switch resultCode {
    case .SQLITE_FULL: "The disk is full. Make room in the data folder." + Self.byItself
    case .SQLITE_READONLY: "The data folder is read-only. Make it writable." + Self.byItself
    case .SQLITE_IOERR: "The disk can't be written. See to it or its limits." + Self.byItself
    case .SQLITE_CANTOPEN: "The data folder can't be used. See to its rights." + Self.byItself
    case _ where isDamage:
      "The database is damaged. Stop Caretaker and go back to the last backup: operations.md, "
        + "“When something is wrong”."
    default: nil
    }
  }

  /// Whether the file is not what SQLite wrote.
  var isDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(resultCode) }

  /// Whether another process held the file for as long as is waited.
  var isHeld: Bool { resultCode == .SQLITE_BUSY }

  /// What is said then.
  static let heldSentence = "Another program holds the database: sqlite3, or a copy being made."

  private static let byItself = " Caretaker goes on by itself."
}
