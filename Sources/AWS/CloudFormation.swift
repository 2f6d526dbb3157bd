/// AWS CloudFormation: what a stack holds.
public struct CloudFormation: Sendable {
  let client: Client

  /// CloudFormation through a client.
  public init(_ client: Client) { self.client = client }

  /// A stack as a whole.
  public struct Stack: Sendable, Equatable {
    /// `UPDATE_COMPLETE` and the like.
    public let status: String
    /// Why it has this status, in AWS's words; nil when there is nothing to say.
    public let statusReason: String?
    /// When it was last updated, in milliseconds since 1970; nil when never.
    public let updatedMs: Int64?
    /// Whether it differs from its template: `DRIFTED`, `IN_SYNC`, `UNKNOWN` or `NOT_CHECKED`.
    public let driftStatus: String
    /// When that was last looked for, in milliseconds since 1970; nil when never.
    public let driftCheckedMs: Int64?
    /// Whether it can't be deleted.
    public let terminationProtection: Bool
  }

  /// One resource of a stack.
  public struct Resource: Sendable, Equatable {
    /// The name in the template.
    public let logicalID: String
    /// `AWS::ECS::Service` and the like.
    public let type: String
    /// The resource's own name or ARN; nil while it is being made.
    public let physicalID: String?
    /// `CREATE_COMPLETE` and the like.
    public let status: String
  }

  /// Which text of a template.
  public enum TemplateStage: String, Sendable {
    /// As it was given.
    case original = "Original"
    /// With its macros done.
    case processed = "Processed"
  }

  /// DescribeStacks (AWS CloudFormation API Reference), for one stack.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such stack.
  public func describeStack(_ name: String) async throws(AWSError) -> Stack {
    let operation = Operation.read(.cloudFormation, "DescribeStacks")
    let result = try await query(operation, stack: name)
    guard let stack = result.list("Stacks").first else { throw missing(name, operation) }
    let drift = stack["DriftInformation"]
    return Stack(
      status: try client.text("StackStatus", of: stack, operation),
      statusReason: stack.text("StackStatusReason"), updatedMs: stack.timeMs("LastUpdatedTime"),
      driftStatus: drift?.text("StackDriftStatus") ?? "NOT_CHECKED",
      driftCheckedMs: drift?.timeMs("LastCheckTimestamp"),
      terminationProtection: stack.text("EnableTerminationProtection")?.lowercased() == "true")
  }

  /// ListStackResources (AWS CloudFormation API Reference), every page.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such stack.
  public func listStackResources(_ stack: String) async throws(AWSError) -> [Resource] {
    let operation = Operation.read(.cloudFormation, "ListStackResources")
    return try await list("StackResourceSummaries", operation, stack: stack) {
      row throws(AWSError) in
      Resource(
        logicalID: try client.text("LogicalResourceId", of: row, operation),
        type: try client.text("ResourceType", of: row, operation),
        physicalID: row.text("PhysicalResourceId"),
        status: try client.text("ResourceStatus", of: row, operation))
    }
  }

  /// DetectStackDrift (AWS CloudFormation API Reference): begins a search, which takes minutes, and
  /// ``describeStack(_:)`` tells what it found. CloudFormation reads every resource as the caller,
  /// who must be allowed to. A stack has one search at a time.
  public func detectStackDrift(_ stack: String) async throws(AWSError) {
    _ = try await query(.write(.cloudFormation, "DetectStackDrift"), stack: stack)
  }

  /// UpdateTerminationProtection (AWS CloudFormation API Reference). It keeps a stack from being
  /// deleted, not from being updated.
  public func updateTerminationProtection(
    _ stack: String, enabled: Bool
  ) async throws(AWSError) {
    _ = try await query(
      .write(.cloudFormation, "UpdateTerminationProtection"), stack: stack,
      [("EnableTerminationProtection", String(enabled))])
  }

  /// GetTemplate (AWS CloudFormation API Reference), as text: JSON or YAML.
  public func getTemplate(
    _ stack: String, stage: TemplateStage
  ) async throws(AWSError) -> String {
    let operation = Operation.read(.cloudFormation, "GetTemplate")
    let result = try await query(operation, stack: stack, [("TemplateStage", stage.rawValue)])
    return try client.text("TemplateBody", of: result, operation)
  }

  /// A call about a stack.
  func query(
    _ operation: Operation, stack: String, _ fields: [(String, String)] = []
  ) async throws(AWSError) -> XMLElement {
    do { return try await client.query(operation, [("StackName", stack)] + fields) } catch {
      throw named(error, stack)
    }
  }

  /// Every entry of a list of a stack, page after page.
  func list<Entry>(
    _ name: String, _ operation: Operation, stack: String,
    _ read: (XMLElement) throws(AWSError) -> Entry
  ) async throws(AWSError) -> [Entry] {
    do { return try await client.list(name, operation, [("StackName", stack)], read) } catch {
      throw named(error, stack)
    }
  }

  /// The failure, with the stack's name where it is not there: for that CloudFormation has no code
  /// of its own, only words.
  private func named(_ error: AWSError, _ stack: String) -> AWSError {
    guard case .service("ValidationError", let message, _, _) = error.reason,
      message.contains("does not exist")
    else { return error }
    return missing(stack, error.operation)
  }

  private func missing(_ stack: String, _ operation: Operation) -> AWSError {
    client.failure(.notFound("There is no stack “\(stack)”."), operation)
  }
}
