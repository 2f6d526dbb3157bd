import AWS
import Rules

extension Step {
  /// A restore to a new instance that has everything the old one has.
  static func restore(
    _ origin: RestoreOrigin, of database: String, to id: String, like source: RDS.Instance
  ) -> Step {
    let words = "Restore \(origin.words) to \(id)"
    switch origin {
    case .snapshot(let snapshot):
      return restore(snapshot: snapshot.id, words: words, to: id, like: source)
    case .latest:
      return restore(
        pointOf: database, ["UseLatestRestorableTime": "true"], words: words, to: id, like: source)
    case .moment(let moment):
      let minute = String(moment.iso.prefix("2026-11-24T10:05".count)) + "Z"
      return restore(
        pointOf: database, ["RestoreTime": minute], words: words, to: id, like: source)
    }
  }

  /// A restore of a snapshot.
  static func restore(
    snapshot: String, words: String, to id: String, like source: RDS.Instance
  ) -> Step {
    Step(
      service: "rds", operation: restoreOfSnapshot, words: words,
      parameters: source.inherited.merging(
        ["DBSnapshotIdentifier": snapshot, "DBInstanceIdentifier": id]) { $1 },
      recovery: .namedCreate)
  }

  static let restoreOfSnapshot = "RestoreDBInstanceFromDBSnapshot"

  private static func restore(
    pointOf database: String, _ point: [String: String], words: String, to id: String,
    like source: RDS.Instance
  ) -> Step {
    let names = ["SourceDBInstanceIdentifier": database, "TargetDBInstanceIdentifier": id]
    return Step(
      service: "rds", operation: "RestoreDBInstanceToPointInTime", words: words,
      parameters: source.inherited.merging(names) { $1 }.merging(point) { $1 },
      recovery: .namedCreate)
  }
}

extension RDS.Instance {
  /// What an instance restored from this one is given, by the API's names: everything this one has,
  /// and deletion protection.
  fileprivate var inherited: [String: String] {
    [
      "DBInstanceClass": instanceClass, "StorageType": storageType,
      "DBSubnetGroupName": subnetGroup ?? "",
      "VpcSecurityGroupIds": securityGroupIDs.sorted().joined(separator: ","),
      "DBParameterGroupName": parameterGroup ?? "", "MultiAZ": multiAZ ? "true" : "false",
      "PubliclyAccessible": publiclyAccessible ? "true" : "false", "DeletionProtection": "true",
    ]
  }
}

extension Cloud {
  /// Makes the restore of a step.
  func restore(_ step: Step) async throws -> String {
    let values = step.parameters
    let answer =
      if let snapshot = values["DBSnapshotIdentifier"] {
        try await rds.restoreDBInstanceFromDBSnapshot(snapshot, as: .init(values))
      } else {
        try await rds.restoreDBInstanceToPointInTime(
          of: values["SourceDBInstanceIdentifier"] ?? "", to: try .init(values),
          as: .init(values))
      }
    return "RDS answered that the new instance is \(answer.status)."
  }
}

extension RDS.NewInstance {
  /// The instance that a step's parameters describe.
  fileprivate init(_ values: [String: String]) {
    self.init(
      id: values["DBInstanceIdentifier"] ?? values["TargetDBInstanceIdentifier"] ?? "",
      instanceClass: values["DBInstanceClass"] ?? "", storageType: values["StorageType"] ?? "",
      subnetGroup: values["DBSubnetGroupName"] ?? "",
      securityGroupIDs: (values["VpcSecurityGroupIds"] ?? "").split(separator: ",")
        .map(String.init),
      parameterGroup: values["DBParameterGroupName"] ?? "", multiAZ: values["MultiAZ"] == "true",
      publiclyAccessible: values["PubliclyAccessible"] == "true",
      deletionProtection: values["DeletionProtection"] == "true")
  }
}

extension RDS.RestorePoint {
  /// The moment that a step's parameters name, `2026-11-24T10:05Z`.
  fileprivate init(_ values: [String: String]) throws {
    guard let typed = values["RestoreTime"] else {
      self = .latest
      return
    }
    guard let moment = Moment(utcMinutes: String(typed.dropLast())) else {
      throw PlanProblem("“\(typed)” is not a moment.")
    }
    self = .at(ms: moment.ms)
  }
}
