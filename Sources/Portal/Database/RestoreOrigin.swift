import AWS
import Rules

/// What a restore begins from.
enum RestoreOrigin: Sendable {
  case snapshot(RDS.Snapshot)
  /// The latest moment there is when it runs.
  case latest
  case moment(Moment)

  /// What a form or a plan asks to restore.
  /// - Parameters:
  ///   - from: `latest`, `moment`, or `snapshot:` with a snapshot's name.
  ///   - typed: The moment, `2026-11-24T10:05` in UTC, where it is one.
  /// - Throws: `PlanProblem` where that is nothing, or a snapshot that is not there.
  init(_ from: String, at typed: String, of database: String, in cloud: Cloud) async throws {
    switch from {
    case "latest": self = .latest
    case "moment":
      guard let moment = Moment(utcMinutes: typed) else {
        throw PlanProblem("Write the moment as 2026-11-24T10:05, in UTC.", at: "at")
      }
      self = .moment(moment)
    default:
      guard from.hasPrefix(Self.snapshotPrefix) else {
        throw PlanProblem("Choose what to restore.", at: "from")
      }
      let id = String(from.dropFirst(Self.snapshotPrefix.count))
      guard let snapshot = try await cloud.snapshot(id, of: database) else {
        throw PlanProblem("There is no snapshot \(id) of the database.", at: "from")
      }
      self = .snapshot(snapshot)
    }
  }

  static let snapshotPrefix = "snapshot:"

  /// A snapshot as a form names it.
  static func from(snapshot id: String) -> String { snapshotPrefix + id }

  /// The origin in words.
  var words: String {
    switch self {
    case .snapshot(let snapshot): "the snapshot \(snapshot.id)"
    case .latest: "the latest moment"
    case .moment(let moment): "the state of \(moment.words)"
    }
  }

  /// What it is where it can be restored.
  static let restorable = "restorable"

  /// Whether it can be restored now, as a field: ``restorable`` or why not.
  func state(of database: String, in cloud: Cloud) async throws -> String {
    if case .snapshot(let snapshot) = self {
      return snapshot.status == "available" ? Self.restorable : snapshot.status
    }
    let backups = try await cloud.rds.describeDBInstanceAutomatedBackups(instance: database).first
    guard let earliest = backups?.earliestMs, let latest = backups?.latestMs else {
      return "without automated backups"
    }
    guard case .moment(let moment) = self else { return Self.restorable }
    if moment.ms < earliest { return "before the first moment that is kept" }
    return moment.ms > latest ? "after the last moment that is kept" : Self.restorable
  }
}
