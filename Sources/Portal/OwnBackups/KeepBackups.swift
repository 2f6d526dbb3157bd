import Foundation
import Logging
import Rules

/// The portal's backups of itself, by its clock.
extension Portal {
  /// How often is looked whether one is due.
  private static let backupLookMs = Span.minute
  /// How long after one that failed the next is tried.
  static let backupRetryMs = Span.hour

  /// Makes backups as the configuration says; returns at once where it says nothing.
  public func keepBackups() async {
    guard let settings = configuration.backup else { return }
    while !Task.isCancelled {
      do { try await backUpWhenDue(settings) } catch { log.error("Backup: \(error)") }
      try? await Task.sleep(for: .milliseconds(Self.backupLookMs))
    }
  }

  /// Makes a backup when the last one is old enough, and removes what is kept no longer.
  func backUpWhenDue(_ settings: BackupSettings) async throws {
    let now = outside.now()
    let (made, tried) = try await storage.read { try OwnBackupStore.lastByClock(in: $0) }
    // One from the future is of a clock that was wrong, and no reason to wait for it.
    func isDue(_ last: Moment?, after ms: Int64) -> Bool {
      last.map { $0 > now || now.since($0) >= ms } ?? true
    }
    guard isDue(made, after: settings.everyMs), isDue(tried, after: Self.backupRetryMs) else {
      return
    }
    let result: Result<OwnBackups.Made, any Error>
    do {
      result = .success(
        try await OwnBackups(configuration, outside: outside)
          .make(to: settings.place, keyFile: settings.keyFile, site: settings.site))
    } catch {
      log.error("Backup: \(error)")
      result = .failure(error)
    }
    try await storage.write { db in
      try OwnBackupStore.record(result, place: settings.place, at: now, in: db)
    }
    if case .success = result { try Self.removeOld(settings, at: now) }
  }

  private static func removeOld(_ settings: BackupSettings, at now: Moment) throws {
    guard case .folder(let folder)? = BackupPlace(settings.place) else { return }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let taken = Dictionary(grouping: names) { OwnBackup.takenAt(name: $0) }
    let old = settings.retention.superfluous(taken.keys.compactMap(\.self), at: now)
    for name in old.flatMap({ taken[$0] ?? [] }) {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
