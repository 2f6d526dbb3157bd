extension CloudFormation {
  /// How far a search for drift is.
  public struct DriftDetection: Sendable, Equatable {
    /// `DETECTION_IN_PROGRESS`, `DETECTION_COMPLETE`, or `DETECTION_FAILED`, when some resources
    /// may have been looked at all the same.
    public let status: String
    /// Why it failed, in AWS's words; nil otherwise.
    public let reason: String?
    /// `DRIFTED`, `IN_SYNC`, `UNKNOWN` or `NOT_CHECKED`; nil before it is known.
    public let driftStatus: String?
    /// How many resources differ; nil before it is known.
    public let driftedCount: Int?
  }

  /// A resource as the last search saw it.
  public struct ResourceDrift: Sendable, Equatable {
    /// The name in the template.
    public let logicalID: String
    /// The resource's own name or ARN; nil when it has none.
    public let physicalID: String?
    /// `AWS::RDS::DBInstance` and the like.
    public let type: String
    /// `IN_SYNC`, `MODIFIED`, `DELETED`, `NOT_CHECKED` or `UNKNOWN`.
    public let status: String
    /// Which of its properties differ, when it is modified.
    public let differences: [PropertyDifference]
    /// When it was looked at, in milliseconds since 1970.
    public let checkedMs: Int64?
  }

  /// A property that is not as in the template.
  public struct PropertyDifference: Sendable, Equatable {
    /// Where it is in the resource's properties, `/DBInstanceClass`.
    public let path: String
    /// What the template says; JSON when it is more than a word.
    public let expected: String
    /// What is so.
    public let actual: String
    /// `ADD`, `REMOVE` or `NOT_EQUAL`.
    public let type: String
  }

  /// DetectStackDrift (AWS CloudFormation API Reference): begins a search, which takes minutes.
  /// CloudFormation reads every resource as the caller, who must be allowed to.
  /// - Returns: the search's id. A stack has one search at a time.
  public func detectStackDrift(_ stack: String) async throws(AWSError) -> String {
    let operation = Operation.write(.cloudFormation, "DetectStackDrift")
    let result = try await query(operation, stack: stack)
    return try client.text("StackDriftDetectionId", of: result, operation)
  }

  /// DescribeStackDriftDetectionStatus (AWS CloudFormation API Reference).
  /// - Parameter id: From ``detectStackDrift(_:)``.
  public func describeStackDriftDetectionStatus(
    _ id: String
  ) async throws(AWSError) -> DriftDetection {
    let operation = Operation.read(.cloudFormation, "DescribeStackDriftDetectionStatus")
    let result = try await client.query(operation, [("StackDriftDetectionId", id)])
    return DriftDetection(
      status: try client.text("DetectionStatus", of: result, operation),
      reason: result.text("DetectionStatusReason"), driftStatus: result.text("StackDriftStatus"),
      driftedCount: result.text("DriftedStackResourceCount").flatMap { Int($0) })
  }

  /// DescribeStackResourceDrifts (AWS CloudFormation API Reference), every page: what the last
  /// search looked at. Types it can't look at are left out.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such stack.
  public func describeStackResourceDrifts(
    _ stack: String
  ) async throws(AWSError) -> [ResourceDrift] {
    let operation = Operation.read(.cloudFormation, "DescribeStackResourceDrifts")
    return try await list("StackResourceDrifts", operation, stack: stack) {
      row throws(AWSError) in
      var differences: [PropertyDifference] = []
      for difference in row.list("PropertyDifferences") {
        differences.append(
          PropertyDifference(
            path: try client.text("PropertyPath", of: difference, operation),
            expected: try client.text("ExpectedValue", of: difference, operation),
            actual: try client.text("ActualValue", of: difference, operation),
            type: try client.text("DifferenceType", of: difference, operation)))
      }
      return ResourceDrift(
        logicalID: try client.text("LogicalResourceId", of: row, operation),
        physicalID: row.text("PhysicalResourceId"),
        type: try client.text("ResourceType", of: row, operation),
        status: try client.text("StackResourceDriftStatus", of: row, operation),
        differences: differences, checkedMs: row.timeMs("Timestamp"))
    }
  }
}
