/// Amazon CloudWatch: alarms and metrics.
public struct CloudWatch: Sendable {
  let client: Client

  /// CloudWatch through a client.
  public init(_ client: Client) { self.client = client }

  /// An alarm on a metric.
  public struct Alarm: Sendable, Equatable {
    /// The alarm's name.
    public let name: String
    /// The alarm's ARN.
    public let arn: String
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    public let state: String
    /// Why it is in its state, in AWS's words.
    public let reason: String
    /// Since when it is in its state, in milliseconds since 1970; nil when AWS does not say.
    public let sinceMs: Int64?
    /// The metric's namespace, `AWS/RDS`; nil for an alarm on an expression.
    public let namespace: String?
    /// The metric's name; nil for an alarm on an expression.
    public let metric: String?
    /// The metric's dimensions by name.
    public let dimensions: [String: String]
    /// `Average`, `SampleCount`, `p95` and the like; nil for an alarm on an expression.
    public let statistic: String?
    /// How many seconds one value is of; nil for an alarm on an expression.
    public let periodS: Int64?
    /// How many values in a row decide.
    public let evaluations: Int64?
    /// What a value that is not there counts as: `missing`, `breaching`, `notBreaching`, `ignore`.
    public let missing: String?
    /// What it says of itself; empty where it says nothing.
    public let description: String
    /// What the metric is held against; nil for an alarm on an anomaly.
    public let threshold: Double?
    /// `GreaterThanThreshold` and the like.
    public let comparison: String?
    /// Whom it tells when it goes off, by their ARNs.
    public let actions: [String]
    /// Whether it tells them.
    public let areActionsEnabled: Bool
  }

  /// DescribeAlarms (Amazon CloudWatch API Reference): every metric alarm of the region.
  public func describeAlarms() async throws(AWSError) -> [Alarm] {
    let operation = Operation.read(.cloudWatch, "DescribeAlarms")
    return try await client.list("MetricAlarms", operation, [("MaxRecords", "100")]) {
      row throws(AWSError) in try alarm(row, operation)
    }
  }

  private func alarm(_ row: XMLElement, _ operation: Operation) throws(AWSError) -> Alarm {
    let dimensions = row.list("Dimensions").compactMap { dimension in
      dimension.text("Name").map { ($0, dimension.text("Value") ?? "") }
    }
    return Alarm(
      name: try client.text("AlarmName", of: row, operation),
      arn: try client.text("AlarmArn", of: row, operation),
      state: try client.text("StateValue", of: row, operation),
      reason: row.text("StateReason") ?? "",
      // An update may be of the reason alone.
      sinceMs: row.timeMs("StateTransitionedTimestamp") ?? row.timeMs("StateUpdatedTimestamp"),
      namespace: row.text("Namespace"), metric: row.text("MetricName"),
      dimensions: Dictionary(dimensions) { first, _ in first },
      statistic: row.text("Statistic") ?? row.text("ExtendedStatistic"),
      periodS: row.text("Period").flatMap { Int64($0) },
      evaluations: row.text("EvaluationPeriods").flatMap { Int64($0) },
      missing: row.text("TreatMissingData"), description: row.text("AlarmDescription") ?? "",
      threshold: row.text("Threshold").flatMap { Double($0) },
      comparison: row.text("ComparisonOperator"),
      actions: row.list("AlarmActions").map(\.text),
      areActionsEnabled: row.text("ActionsEnabled")?.lowercased() != "false")
  }
}
