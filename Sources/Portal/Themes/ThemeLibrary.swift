import Foundation
import GRDB
import HTTP
import Rules
import Zip

/// Puts versions of themes into the library: the file first, then its row, so that a row never
/// names what is not there. All of it blocks, and is done one after the other on a thread of its
/// own, so that no version is taken out while its like is put in.
struct ThemeLibrary: Sendable {
  let folder: ThemeFolder
  let storage: Storage
  let outside: Outside
  /// The most bytes of all archives together.
  let bytesMax: Int64
  private let thread = BlockingPool(name: "themes", width: 1)

  /// What one archive may take, also of a repository.
  static let limits = ZipLimits()
  /// The longest archive, in bytes.
  static let archiveBytesMax = limits.archiveBytesMax

  init(_ configuration: Configuration, storage: Storage, outside: Outside) throws {
    folder = ThemeFolder(dataFolder: configuration.dataFolder)
    self.storage = storage
    self.outside = outside
    bytesMax = configuration.themeLibraryBytesMax
    try folder.make()
    try folder.sweep(keeping: storage.readNow { try ThemeStore.digests(in: $0) })
  }

  /// How many jobs wait for the thread.
  var waiting: Int { thread.waitingCount }

  /// Ends the thread.
  func close() { thread.close() }

  /// Runs what blocks.
  func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await thread.run(work)
  }

  /// A file to write an archive to.
  func draft() async throws -> ThemeDraft {
    let random = try outside.randomBytes(16)
    return try await run { [folder] in try folder.draft(random) }
  }

  /// Checks an archive and puts it into the library.
  /// - Parameters:
  ///   - below: where the theme is in a repository's archive; nil for one of a theme.
  /// - Throws: `ZipProblem` or `ThemeProblem` for what is no theme, `Failure` where the library is
  ///   full or the person has put in enough for a day. Nothing is left behind then.
  func add(
    _ draft: ThemeDraft, below: String? = nil, source: ThemeSource, origin: String, site: String,
    by person: Person?
  ) async throws -> (number: Int64, isNew: Bool) {
    let random = try outside.randomBytes(16)
    let now = outside.now()
    return try await run { [self] in
      let archive = try ZipArchive(
        descriptor: draft.descriptor, range: 0..<draft.byteCount, limits: Self.limits)
      let (report, layout) = try ThemeReport.readLayout(archive, below: below)
      var kept = draft
      if layout.isRepacked {
        kept = try folder.draft(random)
        try ThemeReport.repack(archive, layout, into: kept)
      }
      let new = NewTheme(
        sha256: try kept.digest(), bytes: Int64(kept.byteCount), report: report, source: source,
        origin: origin)
      try checkRoom(for: new, by: person, at: now)
      try folder.keep(kept, as: new.sha256)
      return try storage.writeNow { db in
        try ThemeStore.insert(new, site: site, by: person, at: now, in: db)
      }
    }
  }

  /// Refuses what the library's or the person's limit has no room for. Nothing comes in between
  /// this and the row, as all is put in by one thread.
  private func checkRoom(for theme: NewTheme, by person: Person?, at now: Moment) throws {
    let (taken, isKnown) = try storage.readNow { db in
      if let person { try ThemeQuota.check(person, adding: theme.bytes, at: now, in: db) }
      return (
        try ThemeStore.byteCount(in: db), try ThemeStore.digests(in: db).contains(theme.sha256)
      )
    }
    guard isKnown || theme.bytes <= bytesMax - taken else {
      throw Failure.libraryFull(taken: taken, bytesMax: bytesMax)
    }
  }

  /// The archive of a version, to be sent.
  func file(of theme: ThemeVersion) async throws -> ResponseFile {
    try await run { [folder] in try ResponseFile(path: folder.place(of: theme.sha256)) }
  }

  /// Takes a version out: the row first, so that a file without one is only an orphan.
  /// - Parameter check: what keeps it from being taken out, decided in the same transaction.
  func remove(
    _ number: Int64, site: String, by person: Person,
    unless check: @escaping @Sendable (ThemeVersion, Database) throws -> Void
  ) async throws {
    let now = outside.now()
    try await run { [self] in
      let gone = try storage.writeNow { db -> String? in
        guard let theme = try ThemeStore.find(number, site: site, in: db) else {
          throw Failure.notFound
        }
        try check(theme, db)
        try ThemeStore.remove(theme, site: site, by: person, at: now, in: db)
        return try ThemeStore.digests(in: db).contains(theme.sha256) ? nil : theme.sha256
      }
      if let gone { try folder.remove(gone) }
    }
  }
}

extension Failure {
  static func libraryFull(taken: Int64, bytesMax: Int64) -> Failure {
    Failure(
      status: noRoomStatus, title: "The library of themes is full",
      sentence: "It holds \(bytes(taken)) of \(bytes(bytesMax)). Nothing was kept and "
        + "nothing was changed. Remove versions nobody will go back to, or raise "
        + "theme_library_mib in the configuration.")
  }
}
