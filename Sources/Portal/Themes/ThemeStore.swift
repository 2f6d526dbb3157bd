import Foundation
import GRDB
import Rules

/// A version of a theme in the library.
struct ThemeVersion: Sendable {
  let number: Int64
  /// The SHA-256 of its archive, which is also the name of its file.
  let sha256: String
  /// The digest of its files, however they are packed.
  let files: String
  let bytes: Int64
  let name: String
  let version: String
  let source: ThemeSource
  let origin: String
  /// Who put it there; nil for Caretaker itself.
  let personName: String?
  let madeAt: Moment

  /// How people call it.
  var words: String { "\(name) \(version)" }
}

/// A version on its way into the library, whose file is in its place.
struct NewTheme: Sendable {
  let sha256: String
  let bytes: Int64
  let report: ThemeReport
  let source: ThemeSource
  let origin: String
}

/// The library in the database.
enum ThemeStore {
  private static let select = """
    SELECT t.number, t.sha256, t.files, t.bytes, t.name, t.version, t.source, t.origin, t.made_at,
      p.name AS person FROM themes t LEFT JOIN people p ON p.id = t.made_by
    WHERE t.site = ? AND t.removed_at IS NULL
    """

  /// Every version, the newest first.
  static func all(site: String, in db: Database) throws -> [ThemeVersion] {
    try Row.fetchAll(db, sql: select + " ORDER BY t.number DESC", arguments: [site])
      .map(ThemeVersion.init(row:))
  }

  static func find(_ number: Int64, site: String, in db: Database) throws -> ThemeVersion? {
    try Row.fetchOne(db, sql: select + " AND t.number = ?", arguments: [site, number])
      .map(ThemeVersion.init(row:))
  }

  static func find(sha256: String, site: String, in db: Database) throws -> ThemeVersion? {
    try Row.fetchOne(db, sql: select + " AND t.sha256 = ?", arguments: [site, sha256])
      .map(ThemeVersion.init(row:))
  }

  /// What a change has kept of Ghost before it overwrote it.
  static func find(keptBefore change: String, site: String, in db: Database) throws
    -> ThemeVersion?
  {
    try Row.fetchOne(
      db, sql: select + " AND t.source = 'download' AND t.origin = ?", arguments: [site, change]
    ).map(ThemeVersion.init(row:))
  }

  /// A version with this content, however it is packed.
  static func find(files: String, site: String, in db: Database) throws -> ThemeVersion? {
    try Row.fetchOne(
      db, sql: select + " AND t.files = ? ORDER BY t.number DESC", arguments: [site, files]
    ).map(ThemeVersion.init(row:))
  }

  /// What the pre-flight found in a version.
  static func report(of number: Int64, in db: Database) throws -> ThemeReport {
    let text = try String.fetchOne(
      db, sql: "SELECT report FROM themes WHERE number = ?", arguments: [number])
    guard let text else { throw Failure.notFound }
    return try JSONDecoder().decode(ThemeReport.self, from: Data(text.utf8))
  }

  /// The digests of every archive that is to be on disk, of all sites.
  static func digests(in db: Database) throws -> Set<String> {
    Set(try String.fetchAll(db, sql: "SELECT sha256 FROM themes WHERE removed_at IS NULL"))
  }

  /// How many bytes the archives of all sites take.
  static func byteCount(in db: Database) throws -> Int64 {
    try Int64.fetchOne(
      db,
      sql: """
        SELECT coalesce(sum(bytes), 0) FROM
        (SELECT max(bytes) AS bytes FROM themes WHERE removed_at IS NULL GROUP BY sha256)
        """) ?? 0
  }

  /// Adds a version. The same archive twice is one.
  /// - Returns: its number, also where it was there already.
  static func insert(
    _ theme: NewTheme, site: String, by person: Person?, at now: Moment, in db: Database
  ) throws -> (number: Int64, isNew: Bool) {
    if let known = try find(sha256: theme.sha256, site: site, in: db) {
      return (known.number, false)
    }
    let report = String(decoding: try JSONEncoder().encode(theme.report), as: UTF8.self)
    try db.execute(
      sql: """
        INSERT INTO themes (site, sha256, files, bytes, name, version, source, origin, report,
          made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        site, theme.sha256, theme.report.digest, theme.bytes, theme.report.name,
        theme.report.version, theme.source.rawValue, theme.origin, report, person?.id, now.ms,
      ])
    let number = db.lastInsertedRowID
    try AuditLog.append(
      .themeKept(
        site: site, theme: number, name: theme.report.name, version: theme.report.version,
        sha256: theme.sha256, bytes: theme.bytes, source: theme.source, origin: theme.origin),
      by: person.map(AuditLog.Actor.person) ?? .portal, at: now, in: db)
    return (number, true)
  }

  /// Takes a version out.
  static func remove(
    _ theme: ThemeVersion, site: String, by person: Person, at now: Moment, in db: Database
  ) throws {
    try db.execute(
      sql: "UPDATE themes SET removed_at = ? WHERE number = ? AND removed_at IS NULL",
      arguments: [now.ms, theme.number])
    guard db.changesCount == 1 else { return }
    try AuditLog.append(
      .themeRemoved(
        site: site, theme: theme.number, name: theme.name, version: theme.version,
        sha256: theme.sha256), by: .person(person), at: now, in: db)
  }
}

extension ThemeVersion {
  fileprivate init(row: Row) throws {
    guard let source = ThemeSource(rawValue: row["source"]) else {
      throw StorageProblem("The database holds a source of themes this version does not know.")
    }
    self.init(
      number: row["number"], sha256: row["sha256"], files: row["files"], bytes: row["bytes"],
      name: row["name"], version: row["version"], source: source, origin: row["origin"],
      personName: row["person"], madeAt: Moment(ms: row["made_at"]))
  }
}
