extension RDS {
  /// Something AWS wants to do to an instance.
  public struct PendingMaintenance: Sendable, Equatable {
    /// `system-update`, `db-upgrade`, `hardware-maintenance` and the like.
    public let action: String
    /// What it is, in AWS's words.
    public let description: String
    /// When it is done as things stand, in milliseconds since 1970; nil when it is not planned.
    public let currentApplyMs: Int64?
  }

  /// DescribePendingMaintenanceActions (Amazon RDS API Reference), for one instance.
  public func describePendingMaintenanceActions(
    arn: String
  ) async throws(AWSError) -> [PendingMaintenance] {
    let operation = Operation.read(.rds, "DescribePendingMaintenanceActions")
    let resources = try await list(
      "PendingMaintenanceActions", operation, [("ResourceIdentifier", arn)]
    ) { row throws(AWSError) in
      var actions: [PendingMaintenance] = []
      for detail in row.list("PendingMaintenanceActionDetails") {
        actions.append(
          PendingMaintenance(
            action: try client.text("Action", of: detail, operation),
            description: detail.text("Description") ?? "",
            currentApplyMs: detail.timeMs("CurrentApplyDate")))
      }
      return actions
    }
    return resources.flatMap { $0 }
  }
}
