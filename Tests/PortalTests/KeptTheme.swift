import Foundation
import GRDB
import Rules

@testable import Portal

extension Stage {
  /// Puts a theme into the library, as an archive that nobody reads and its row.
  /// - Parameter digest: what it is called by.
  func addTheme(_ digest: String, holding archive: Data) throws {
    try archive.write(
      to: URL(fileURLWithPath: ThemeFolder(dataFolder: folder).place(of: digest)))
    try portal.storage.writeNow { [now = clock.now] db in
      try db.execute(
        sql: """
          INSERT INTO themes (site, sha256, files, bytes, name, version, source, origin, report,
            made_at)
          VALUES ('blog', ?1, ?1, 7, 'casper', '5.0', 'upload', 'casper.zip', '{}', ?2)
          """, arguments: [digest, now.ms])
    }
  }
}
