extension CloudWatch {
  /// An alarm to be set: what it watches, and when it goes off.
  public struct NewAlarm: Sendable, Equatable {
    /// Its name; one of that name that is there is replaced.
    public var name: String
    /// What it says of itself, to 1,024 characters.
    public var description: String
    /// The metric's namespace, `AWS/RDS`.
    public var namespace: String
    /// The metric's name.
    public var metric: String
    /// The metric's dimensions by name.
    public var dimensions: [String: String]
    /// `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile, `p95`.
    public var statistic: String
    /// How many seconds one value is of: 60, or a multiple of it.
    public var periodS: Int64
    /// How many values in a row decide.
    public var evaluations: Int64
    /// `GreaterThanOrEqualToThreshold` and the like.
    public var comparison: String
    /// What the values are held against, in decimal digits.
    public var threshold: String
    /// What a value that is not there counts as: `missing`, `breaching`, `notBreaching`, `ignore`.
    public var missing: String
    /// Whom it tells, by the ARN of a topic, when it goes off and when it is over.
    public var topic: String

    /// An alarm.
    public init(
      name: String, description: String, namespace: String, metric: String,
      dimensions: [String: String], statistic: String, periodS: Int64, evaluations: Int64,
      comparison: String, threshold: String, missing: String, topic: String
    ) {
      self.name = name
      self.description = description
      self.namespace = namespace
      self.metric = metric
      self.dimensions = dimensions
      self.statistic = statistic
      self.periodS = periodS
      self.evaluations = evaluations
      self.comparison = comparison
      self.threshold = threshold
      self.missing = missing
      self.topic = topic
    }

    fileprivate var fields: [(String, String)] {
      let isPercentile = statistic.hasPrefix("p")
      var fields = [
        ("AlarmName", name), ("AlarmDescription", description), ("ActionsEnabled", "true"),
        ("Namespace", namespace), ("MetricName", metric),
        (isPercentile ? "ExtendedStatistic" : "Statistic", statistic),
        ("Period", String(periodS)), ("EvaluationPeriods", String(evaluations)),
        ("ComparisonOperator", comparison), ("Threshold", threshold),
        ("TreatMissingData", missing), ("AlarmActions.member.1", topic),
        ("OKActions.member.1", topic),
      ]
      for (index, dimension) in dimensions.sorted(by: { $0.key < $1.key }).enumerated() {
        fields.append(("Dimensions.member.\(index + 1).Name", dimension.key))
        fields.append(("Dimensions.member.\(index + 1).Value", dimension.value))
      }
      return fields
    }
  }

  /// PutMetricAlarm (Amazon CloudWatch API Reference): makes an alarm, or replaces all of it.
  public func putMetricAlarm(_ alarm: NewAlarm) async throws(AWSError) {
    try await client.send(.write(.cloudWatch, "PutMetricAlarm"), alarm.fields)
  }
}
