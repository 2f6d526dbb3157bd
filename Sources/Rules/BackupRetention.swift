/// Which backups of the portal itself are kept.
public struct BackupRetention: Hashable, Sendable {
  /// For how long each is.
  public let keepMs: Int64
  /// How many of the newest are kept however old they are.
  public let least: Int

  /// - Parameter least: at least 1: the last backup is never removed.
  public init(keepMs: Int64, least: Int) {
    self.keepMs = keepMs
    self.least = max(1, least)
  }

  /// Which of these may go.
  public func superfluous(_ taken: [Moment], at now: Moment) -> [Moment] {
    taken.sorted(by: >).dropFirst(least).filter { now.since($0) > keepMs }
  }
}
