import Foundation
import GRDB
import Glibc
import Rules
import Zip

/// What who mends Caretaker needs to know of an installation, as an archive of texts that hold no
/// secret, no name and no row of the database.
public struct Diagnostics: Sendable {
  let configuration: Configuration
  let outside: Outside

  /// What was found already, before the database is read.
  struct Found: Sendable {
    var parts: [Checks.Part]
    /// The metrics; nil where no portal runs.
    var metrics: String?
    /// The last lines of the log; nil where no portal runs.
    var log: [String]?
  }

  /// A file of the archive.
  struct File: Sendable {
    let name: String
    let text: String
    /// Whether words of others stand in it, beside those that are written in the source.
    var isFree = false
  }

  /// Of an installation.
  public init(_ configuration: Configuration, world: World) {
    self.init(configuration: configuration, outside: world.outside)
  }

  init(configuration: Configuration, outside: Outside) {
    self.configuration = configuration
    self.outside = outside
  }

  /// What was read, before it is redacted and packed, which takes a while.
  struct Gathered: Sendable {
    let files: [File]
    let redaction: Redaction

    /// The archive's bytes.
    func archive() throws -> [UInt8] {
      var bytes: [UInt8] = []
      let zip = ZipWriter { bytes.append(contentsOf: $0) }
      for file in files.sorted(by: { $0.name < $1.name }) {
        let text = file.isFree ? redaction.redacted(file.text) : file.text
        try zip.addFile(file.name, Array(text.utf8))
      }
      try zip.finish()
      return bytes
    }
  }

  /// Reads everything.
  /// - Parameter db: nil where the database can't be read.
  func gather(_ found: Found, in db: Database?) throws -> Gathered {
    let people = try db.map { try PersonStore.all(in: $0) } ?? []
    let redaction = Redaction(configuration, people: people)
    let database = try db.map { db in
      [
        File(name: "schema.sql", text: try Self.schema(in: db)),
        File(name: "rows.txt", text: try Self.rows(in: db)),
        File(name: "changes.txt", text: try Self.changes(in: db)),
      ]
    }
    let files =
      [
        File(name: "about.txt", text: try about(in: db)),
        File(name: "configuration.txt", text: Self.lines(configuration.outline)),
        File(name: "checks.txt", text: Self.text(of: found.parts), isFree: true),
        File(name: "storage.txt", text: try storage(in: db), isFree: true),
        File(name: "metrics.txt", text: found.metrics ?? Self.onlyRunning, isFree: true),
        File(name: "log.txt", text: found.log?.joined() ?? Self.onlyRunning, isFree: true),
      ] + (database ?? [])
    return Gathered(files: files, redaction: redaction)
  }

  static func name(at now: Moment) -> String { "caretaker-diagnostics-\(Day(now).iso).zip" }

  private static let onlyRunning =
    "The running portal alone knows: take the diagnostics from its page, Checks.\n"

  private static func lines(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }

  private static func text(of parts: [Checks.Part]) -> String {
    lines(
      parts.flatMap { part in
        [part.name]
          + part.checks.flatMap { check in
            ["  \(check.standing.words): \(check.what): \(check.state)"]
              + (check.remedy.isEmpty ? [] : ["    \(check.remedy)"])
          }
      })
  }
}

/// What the database is made of, and how much of it there is.
extension Diagnostics {
  private static func schema(in db: Database) throws -> String {
    let applied = try String.fetchAll(
      db, sql: "SELECT identifier FROM grdb_migrations ORDER BY identifier")
    let statements = try String.fetchAll(
      db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
    return lines(applied.map { "-- \($0)" } + statements.map { $0 + ";" })
  }

  private static func rows(in db: Database) throws -> String {
    let tables = try String.fetchAll(
      db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return lines(
      tables.map { table in
        let count = try? Int64.fetchOne(db, sql: "SELECT count(*) FROM \"\(table)\"")
        return "\(table): \(count.map(String.init) ?? "not known")"
      })
  }

  private static func changes(in db: Database) throws -> String {
    let rows = try Row.fetchAll(
      db,
      sql: "SELECT state, count(*) FROM changes GROUP BY state ORDER BY state")
    return lines(rows.map { "\($0[0] as String): \($0[1] as Int64)" })
  }

  private func storage(in db: Database?) throws -> String {
    let folder = configuration.dataFolder
    var lines: [String] = []
    for pragma in try db.map(Self.pragmas) ?? [] { lines.append(pragma) }
    if let space = outside.space(folder) {
      lines.append("disk: \(space.freeBytes) of \(space.totalBytes) bytes free")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    lines += names.sorted().map { name in
      "\(name): \(Self.size(of: "\(folder)/\(name)").map { "\($0) bytes" } ?? "a folder")"
    }
    let themes = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/themes")) ?? []
    let taken = themes.compactMap { Self.size(of: "\(folder)/themes/\($0)") }.reduce(0, +)
    lines.append("archives of themes: \(themes.count), \(taken) bytes")
    return Self.lines(lines)
  }

  private static func pragmas(_ db: Database) throws -> [String] {
    let pageBytes = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
    let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
    let freePages = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
    let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "not known"
    return ["pages: \(pages) of \(pageBytes) bytes, \(freePages) free", "journal: \(journal)"]
  }

  /// Nil for what is no file.
  private static func size(of path: String) -> Int64? {
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int64(facts.st_size)
  }

  private func about(in db: Database?) throws -> String {
    let now = outside.now()
    let boots = try db.map { db in
      try Row.fetchAll(
        db, sql: "SELECT version, started_at FROM boots ORDER BY started_at DESC LIMIT 10"
      ).map { "started: \(Moment(ms: $0[1]).iso), version \($0[0] as String)" }
    }
    let sqlite = try db.flatMap { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
    return Self.lines(
      [
        "Diagnostics of Caretaker \(Portal.version), made at \(now.iso).",
        "They hold no secret, no name and no row of the database. Read them all the same.",
        "", "sqlite: \(sqlite ?? "the database can't be read")",
      ] + Self.machine + (boots ?? []))
  }

  private static var machine: [String] {
    var system = utsname()
    guard uname(&system) == 0 else { return [] }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return [
      "kernel: \(text(system.sysname)) \(text(system.release)) \(text(system.machine))",
      "processors: \(sysconf(Int32(_SC_NPROCESSORS_ONLN)))",
      "memory: \(sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))) bytes",
    ]
  }
}
