extension CloudFormation {
  /// A plan for an update of a stack, without what it would do.
  public struct ChangeSetSummary: Sendable, Equatable {
    /// Its ARN, which names this one plan for ever.
    public let arn: String
    /// Its name, which a later plan may have again.
    public let name: String
    /// `CREATE_PENDING`, `CREATE_IN_PROGRESS`, `CREATE_COMPLETE`, `FAILED` and others.
    public let status: String
    /// Why it has this status, in AWS's words; nil when there is nothing to say.
    public let statusReason: String?
    /// `UNAVAILABLE`, `AVAILABLE`, `EXECUTE_IN_PROGRESS`, `EXECUTE_COMPLETE`, `EXECUTE_FAILED` or
    /// `OBSOLETE`.
    public let executionStatus: String
    /// What whoever made it said of it; nil when nothing.
    public let description: String?
    /// When it was made, in milliseconds since 1970; nil when not told.
    public let createdMs: Int64?
  }

  /// A plan with what it would do.
  public struct ChangeSet: Sendable, Equatable {
    /// The plan.
    public let summary: ChangeSetSummary
    /// What it would do, resource by resource.
    public let changes: [ResourceChange]
  }

  /// What a plan would do to one resource (ResourceChange, AWS CloudFormation API Reference).
  public struct ResourceChange: Sendable, Equatable {
    /// `Add`, `Modify`, `Remove`, `Import`, `Dynamic` or `SyncWithActual`.
    public let action: String
    /// The name in the template.
    public let logicalID: String
    /// The resource's own name or ARN; nil for one that is to be made.
    public let physicalID: String?
    /// `AWS::RDS::DBInstance` and the like.
    public let type: String
    /// `True`, `False` or `Conditional`; nil where the resource is not modified.
    public let replacement: String?
    /// What becomes of the resource that goes: `Delete`, `Retain`, `Snapshot`, `ReplaceAndDelete`,
    /// `ReplaceAndRetain` or `ReplaceAndSnapshot`; nil where none goes.
    public let policyAction: String?
    /// Which properties change.
    public let details: [PropertyChange]
  }

  /// A property that a plan would change.
  public struct PropertyChange: Sendable, Equatable {
    /// Where it is, `/Properties/BackupRetentionPeriod`, or its name alone.
    public let path: String
    /// Its value now; nil where AWS does not tell.
    public let before: String?
    /// Its value then; nil where AWS does not tell.
    public let after: String?
  }

  /// ListChangeSets (AWS CloudFormation API Reference), every page.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such stack.
  public func listChangeSets(_ stack: String) async throws(AWSError) -> [ChangeSetSummary] {
    let operation = Operation.read(.cloudFormation, "ListChangeSets")
    return try await list("Summaries", operation, stack: stack) { row throws(AWSError) in
      try summary(of: row, operation)
    }
  }

  /// DescribeChangeSet (AWS CloudFormation API Reference) with values of properties, every page.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such change set.
  public func describeChangeSet(_ arn: String) async throws(AWSError) -> ChangeSet {
    let operation = Operation.read(.cloudFormation, "DescribeChangeSet")
    var found: ChangeSetSummary?
    let changes = try await client.pages(operation) { token async throws(AWSError) in
      let more = token.map { [("NextToken", $0)] } ?? []
      let result = try await changeSet(
        operation, arn, [("IncludePropertyValues", "true")] + more)
      found = try summary(of: result, operation)
      var changes: [ResourceChange] = []
      for row in result.list("Changes") {
        guard let change = row["ResourceChange"] else { continue }
        changes.append(try resourceChange(change, operation))
      }
      return (changes, result.text("NextToken"))
    }
    guard let found else { throw missingChangeSet(arn, operation) }
    return ChangeSet(summary: found, changes: changes)
  }

  /// ExecuteChangeSet (AWS CloudFormation API Reference). It answers before anything is done.
  /// - Parameter token: makes the call count once, however often it is made.
  public func executeChangeSet(_ arn: String, token: String) async throws(AWSError) {
    _ = try await changeSet(
      .write(.cloudFormation, "ExecuteChangeSet"), arn, [("ClientRequestToken", token)])
  }

  /// ContinueUpdateRollback (AWS CloudFormation API Reference) of a stack whose rollback failed.
  /// - Parameter token: makes the call count once, however often it is made.
  public func continueUpdateRollback(_ stack: String, token: String) async throws(AWSError) {
    _ = try await query(
      .write(.cloudFormation, "ContinueUpdateRollback"), stack: stack,
      [("ClientRequestToken", token)])
  }

  private func changeSet(
    _ operation: Operation, _ arn: String, _ fields: [(String, String)]
  ) async throws(AWSError) -> XMLElement {
    do { return try await client.query(operation, [("ChangeSetName", arn)] + fields) } catch {
      guard error.code == "ChangeSetNotFound" || error.code == "ChangeSetNotFoundException" else {
        throw error
      }
      throw missingChangeSet(arn, operation)
    }
  }

  private func missingChangeSet(_ arn: String, _ operation: Operation) -> AWSError {
    client.failure(.notFound("There is no change set “\(arn)” any more."), operation)
  }

  private func summary(
    of row: XMLElement, _ operation: Operation
  ) throws(AWSError) -> ChangeSetSummary {
    ChangeSetSummary(
      arn: try client.text("ChangeSetId", of: row, operation),
      name: try client.text("ChangeSetName", of: row, operation),
      status: try client.text("Status", of: row, operation),
      statusReason: row.text("StatusReason"),
      executionStatus: row.text("ExecutionStatus") ?? "UNAVAILABLE",
      description: row.text("Description"), createdMs: row.timeMs("CreationTime"))
  }

  private func resourceChange(
    _ change: XMLElement, _ operation: Operation
  ) throws(AWSError) -> ResourceChange {
    ResourceChange(
      action: try client.text("Action", of: change, operation),
      logicalID: try client.text("LogicalResourceId", of: change, operation),
      physicalID: change.text("PhysicalResourceId"),
      type: try client.text("ResourceType", of: change, operation),
      replacement: change.text("Replacement"), policyAction: change.text("PolicyAction"),
      details: change.list("Details").compactMap { $0["Target"] }.map { target in
        PropertyChange(
          path: target.text("Path") ?? target.text("Name") ?? target.text("Attribute") ?? "",
          before: target.text("BeforeValue"), after: target.text("AfterValue"))
      })
  }
}
