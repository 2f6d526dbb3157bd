extension Check {
  /// What the backups are held to.
  static let backups: [Check] = [
    Check(
      "rds.backup-age", of: BackupFacts.self, .danger, expects: "A backup younger than a day",
      why: "Whatever was written since the last backup is lost with the instance."
    ) { facts, estate in
      guard let newest = facts.newest else {
        return .fail(
          "There is no backup.", remedy: "Take a snapshot now.", mend: Mend("rds.snapshot"))
      }
      let ageMs = estate.now.since(newest)
      return .met(
        ageMs <= Expectation.backupAgeMs, "The newest is \(Span.about(ms: ageMs)) old.",
        else: "The newest is \(Span.about(ms: ageMs)) old.", remedy: "Take a snapshot now.",
        mend: Mend("rds.snapshot"))
    },
    Check(
      "rds.public-snapshot", of: BackupFacts.self, .danger, expects: "No snapshot is public",
      why: "Anybody with an AWS account can restore it and read every member's address."
    ) { facts, _ in
      .met(
        facts.publicSnapshots.isEmpty, "No snapshot is public.",
        else: "Anybody may restore \(facts.publicSnapshots.joined(separator: ", ")).",
        remedy: "Take the permission “all” from it, in the AWS console.")
    },
  ]
}

extension BackupFacts {
  /// The newest point that can be gone back to; nil when there is none.
  public var newest: Moment? {
    let made = snapshots.filter { $0.status == "available" }.compactMap(\.madeAt)
    return (made + [restorableTo].compactMap { $0 }).max()
  }
}
