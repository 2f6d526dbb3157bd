import AWS
import Rules

extension Cloud {
  /// The most change sets that are read with what they would do.
  static let changeSetsMax = 10

  /// The stack's change sets, newest first.
  func changeSetFacts() async throws -> ChangeSetFacts {
    let all = try await cloudFormation.listChangeSets(site.stack)
      .sorted { ($0.createdMs ?? 0, $0.arn) > ($1.createdMs ?? 0, $1.arn) }
    let sets = try await withThrowingTaskGroup { group in
      for summary in all.prefix(Self.changeSetsMax) {
        group.addTask { try await plannedUpdate(summary.arn) }
      }
      return try await group.reduce(into: [PlannedUpdate]()) { $0.append($1) }
    }
    return ChangeSetFacts(
      sets: sets.sorted { ($0.createdAt?.ms ?? 0, $0.arn) > ($1.createdAt?.ms ?? 0, $1.arn) })
  }

  /// One change set, with what it would do.
  func plannedUpdate(_ arn: String) async throws -> PlannedUpdate {
    let found = try await cloudFormation.describeChangeSet(arn)
    return PlannedUpdate(
      arn: found.summary.arn, name: found.summary.name, status: found.summary.status,
      reason: found.summary.statusReason ?? "", execution: found.summary.executionStatus,
      description: found.summary.description ?? "",
      createdAt: found.summary.createdMs.map(Moment.init(ms:)),
      changes: found.changes.map(ResourceUpdate.init).sorted { $0.logicalID < $1.logicalID })
  }
}

extension ResourceUpdate {
  fileprivate init(_ change: CloudFormation.ResourceChange) {
    self.init(
      logicalID: change.logicalID, physicalID: change.physicalID ?? "", type: change.type,
      effect: Self.effect(action: change.action, replacement: change.replacement),
      policy: change.policyAction ?? "",
      properties: change.details.map {
        PropertyUpdate(
          name: $0.path.hasPrefix("/Properties/")
            ? String($0.path.dropFirst("/Properties/".count)) : $0.path,
          before: SecretScan.redacted($0.before ?? ""), after: SecretScan.redacted($0.after ?? ""))
      })
  }
}
