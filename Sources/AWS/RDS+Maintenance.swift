extension RDS {
  /// Something AWS wants to do to an instance.
  public struct PendingMaintenance: Sendable, Equatable {
    /// `system-update`, `db-upgrade`, `hardware-maintenance` and the like.
    public let action: String
    /// What it is, in AWS's words.
    public let description: String
    /// From when on the next maintenance window does it, in milliseconds since 1970; nil when it
    /// waits to be asked for.
    public let autoAppliedAfterMs: Int64?
    /// When it is done whatever the window, in milliseconds since 1970; nil when never.
    public let forcedApplyMs: Int64?
    /// When it is done as things stand, in milliseconds since 1970; nil when it is not planned.
    public let currentApplyMs: Int64?
    /// `immediate`, `next-maintenance` or `undo-opt-in`; nil when nobody has decided.
    public let optIn: String?
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
            autoAppliedAfterMs: detail.timeMs("AutoAppliedAfterDate"),
            forcedApplyMs: detail.timeMs("ForcedApplyDate"),
            currentApplyMs: detail.timeMs("CurrentApplyDate"),
            optIn: detail.text("OptInStatus")))
      }
      return actions
    }
    return resources.flatMap { $0 }
  }
}
