import AWS
import Rules

extension Step {
  /// A ModifyDBInstance.
  /// - Parameters:
  ///   - values: What is changed, by the API's names.
  ///   - immediately: Now, with whatever else waits; otherwise in the maintenance window, but for
  ///     what RDS never lets wait.
  static func modifyDatabase(
    _ id: String, words: String, _ values: [String: String], immediately: Bool
  ) -> Step {
    let own = ["DBInstanceIdentifier": id, "ApplyImmediately": immediately ? "true" : "false"]
    return Step(
      service: "rds", operation: "ModifyDBInstance", words: words,
      parameters: values.merging(own) { $1 }, recovery: .setTo)
  }
}

extension Cloud {
  /// Makes the ModifyDBInstance of a step.
  func modifyDatabase(_ step: Step) async throws -> String {
    let values = step.parameters
    let answer = try await rds.modifyDBInstance(
      id: values["DBInstanceIdentifier"] ?? "",
      changes: RDS.InstanceChanges(
        instanceClass: values["DBInstanceClass"],
        allocatedStorageGiB: values["AllocatedStorage"].flatMap { Int($0) },
        storageType: values["StorageType"], multiAZ: values["MultiAZ"].map { $0 == "true" },
        backupRetentionDays: values["BackupRetentionPeriod"].flatMap { Int($0) },
        deletionProtection: values["DeletionProtection"].map { $0 == "true" }),
      applyImmediately: values["ApplyImmediately"] == "true")
    return "RDS answered that the instance is \(answer.status)."
  }
}
