import GRDB
import Rules
import Testing

@testable import Portal

/// A database that takes nothing more: SQLite itself says that the disk is full.
extension Stage {
  /// Fills the file and keeps it from growing.
  func fillDatabase() throws {
    try portal.storage.writeNow { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
    #expect {
      while true {
        try portal.storage.writeNow { db in
          try AuditLog.append(.sessionEnded, by: .portal, at: clock.now, in: db)
        }
      }
    } throws: { error in
      (error as? DatabaseError)?.resultCode == .SQLITE_FULL
    }
  }

  /// Lets it grow again.
  func growDatabase() throws {
    try portal.storage.writeNow { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
  }
}
