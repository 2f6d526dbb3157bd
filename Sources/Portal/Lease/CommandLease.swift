import Rules

/// The lease as a command asks for it that would write the database: it looks once, and takes
/// nothing.
public enum CommandLease {
  /// Somebody waits, and no lease runs out meanwhile.
  private static let patienceMs = 10 * Span.second

  /// Refuses where what is written would be lost, because another machine works.
  /// - Parameter isUnreachable: whether to go on where the lease can't be read.
  /// - Throws: `LeaseProblem` with a sentence.
  public static func check(
    _ configuration: Configuration, world: World, isUnreachable: Bool = false
  ) async throws {
    try await check(configuration, outside: world.outside, isUnreachable: isUnreachable)
  }

  static func check(
    _ configuration: Configuration, outside: Outside, isUnreachable: Bool = false
  ) async throws {
    guard let place = configuration.lease else { return }
    let found: Lease.Seen?
    do {
      found = try await LeaseStore(place, configuration, outside).read(withinMs: patienceMs)
    } catch {
      if isUnreachable { return }
      throw LeaseProblem(LeaseRecord.problem(withUnreadable: LeaseStore.words(error)))
    }
    guard let record = found?.record else { return }
    let folder = try LeasedCopy.folder(configuration.dataFolder, under: record)
    if let problem = record.problem(withWritingIn: folder) { throw LeaseProblem(problem) }
  }
}

extension LeasedCopy {
  /// How a folder stands to a lease. A portal under it notes its holder in the database before it
  /// opens its port; a copy has that too, but no portal.
  fileprivate static func folder(
    _ folder: String, under record: LeaseRecord
  ) throws -> LeasedFolder {
    let holder = LeaseRecord.Work(holder: record.holder, host: record.host)
    return LeasedFolder(
      isWorkedOn: try standing(in: folder, after: holder) == .whole && FolderLock.isHeld(folder),
      isNewest: try standing(in: folder, after: record.last) == .whole)
  }
}
