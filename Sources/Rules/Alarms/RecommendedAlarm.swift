/// The alarms a Ghost site should have.
public enum RecommendedAlarm: String, CaseIterable, Sendable {
  case tasks = "tasks-running"
  case serviceCPU = "service-cpu"
  case serviceMemory = "service-memory"
  case databaseCPU = "database-cpu"
  case databaseStorage = "database-storage"
  case databaseConnections = "database-connections"
  case ghostErrors = "ghost-errors"
  case balancerErrors = "balancer-errors"
  case latency
  case unhealthyTargets = "targets-unhealthy"
  case bounces = "mail-bounces"
  case complaints = "mail-complaints"
  case certificate = "certificate-days"

  /// What it is of, and how it is set where nobody says otherwise.
  public struct Kind: Sendable {
    /// What it is, `CPU of the database`.
    public let label: String
    /// What it means when it goes off.
    public let meaning: String
    /// In what people write the threshold, `percent`.
    public let unit: String
    /// How many thousandths of the metric's unit one of ``unit`` is.
    public let unitMilli: Int64
    /// The usual threshold, in thousandths of ``unit``.
    public let usualMilli: Int64
    let namespace: String
    /// The metric's name.
    public let metric: String
    let statistic: String
    let periodS: Int64
    let evaluations: Int64
    let comparison: AlarmSetting.Comparison
    let missing: String
    let names: [Name]
  }

  /// What a dimension is the name of.
  public enum Name: String, Sendable {
    case cluster = "ClusterName"
    case service = "ServiceName"
    case database = "DBInstanceIdentifier"
    case balancer = "LoadBalancer"
    case targetGroup = "TargetGroup"
    case certificate = "CertificateArn"
  }

  /// When a setting of it goes off, in its unit: `≤ 4 GiB`.
  public func words(_ setting: AlarmSetting) -> String {
    let (scaled, overflow) = setting.thresholdMilli.multipliedReportingOverflow(by: 1_000)
    let threshold =
      overflow ? setting.threshold : AlarmSetting.decimal(milli: scaled / kind.unitMilli)
    return "\(setting.comparison.sign) \(threshold) \(kind.unit)"
  }

  /// Its setting for a site.
  /// - Parameters:
  ///   - thresholdMilli: the threshold in thousandths of ``Kind/unit``.
  ///   - names: the names of what the site is made of.
  /// - Returns: nil where the site has no such thing, or the threshold does not fit.
  public func setting(thresholdMilli: Int64, names: [Name: String]) -> AlarmSetting? {
    let kind = kind
    let (scaled, overflow) = thresholdMilli.multipliedReportingOverflow(by: kind.unitMilli)
    guard !overflow, scaled % 1_000 == 0 else { return nil }
    var dimensions: [String: String] = [:]
    for name in kind.names {
      guard let value = names[name], !value.isEmpty else { return nil }
      dimensions[name.rawValue] = value
    }
    return AlarmSetting(
      namespace: kind.namespace, metric: kind.metric, dimensions: dimensions,
      statistic: kind.statistic, periodS: kind.periodS, evaluations: kind.evaluations,
      comparison: kind.comparison, thresholdMilli: scaled / 1_000, missing: kind.missing)
  }

  /// What it is of. The metrics and what they mean are of the Amazon CloudWatch metrics pages of
  /// ECS, RDS, Elastic Load Balancing, SES and ACM; 5 % bounces and 0.1 % complaints are where SES
  /// puts an account under review.
  public var kind: Kind {
    switch self {
    // ECS has no count of tasks without Container Insights: each task gives one value a minute.
    case .tasks:
      Kind(
        "Running tasks", "Fewer tasks run than are wanted: the blog may be down.", "tasks", 1_000,
        usualMilli: 1_000, "AWS/ECS", "CPUUtilization", "SampleCount", 60, 3, .below, "breaching",
        [.cluster, .service])
    case .serviceCPU:
      Kind(
        "CPU of Ghost", "Ghost works at its limit, and pages become slow.", "percent", 1_000,
        usualMilli: 85_000, "AWS/ECS", "CPUUtilization", "Average", 300, 3, .atLeast, "missing",
        [.cluster, .service])
    case .serviceMemory:
      Kind(
        "Memory of Ghost", "Ghost may soon be stopped for want of memory.", "percent", 1_000,
        usualMilli: 85_000, "AWS/ECS", "MemoryUtilization", "Average", 300, 3, .atLeast, "missing",
        [.cluster, .service])
    case .databaseCPU:
      Kind(
        "CPU of the database", "The database works at its limit.", "percent", 1_000,
        usualMilli: 80_000, "AWS/RDS", "CPUUtilization", "Average", 300, 3, .atLeast, "missing",
        [.database])
    case .databaseStorage:
      Kind(
        "Free storage of the database", "When it is used up the database stops.", "GiB",
        1_073_741_824_000, usualMilli: 4_000, "AWS/RDS", "FreeStorageSpace", "Minimum", 300, 1,
        .atMost, "missing", [.database])
    case .databaseConnections:
      Kind(
        "Connections of the database", "When there are no more, Ghost can't read a page.",
        "connections", 1_000, usualMilli: 50_000, "AWS/RDS", "DatabaseConnections", "Maximum", 300,
        2, .atLeast, "missing", [.database])
    case .ghostErrors:
      Kind(
        "Errors of Ghost", "Ghost answers readers with errors.", "answers in 5 minutes", 1_000,
        usualMilli: 10_000, "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", 300, 1,
        .atLeast, "notBreaching", [.balancer])
    case .balancerErrors:
      Kind(
        "Errors of the load balancer", "No task answers, and readers get an error.",
        "answers in 5 minutes", 1_000, usualMilli: 10_000, "AWS/ApplicationELB",
        "HTTPCode_ELB_5XX_Count", "Sum", 300, 1, .atLeast, "notBreaching", [.balancer])
    case .latency:
      Kind(
        "Time to answer", "One reader in twenty waits longer than this.", "seconds", 1_000,
        usualMilli: 3_000, "AWS/ApplicationELB", "TargetResponseTime", "p95", 300, 3, .atLeast,
        "notBreaching", [.balancer])
    case .unhealthyTargets:
      Kind(
        "Unhealthy targets", "The load balancer gets no answer from a task.", "targets", 1_000,
        usualMilli: 1_000, "AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", 60, 3, .atLeast,
        "notBreaching", [.balancer, .targetGroup])
    case .bounces:
      Kind(
        "Bounces", "From 5 percent on AWS puts the account under review.", "percent", 10,
        usualMilli: 5_000, "AWS/SES", "Reputation.BounceRate", "Maximum", 3_600, 1, .atLeast,
        "ignore", [])
    case .complaints:
      Kind(
        "Complaints", "From 0.1 percent on AWS puts the account under review.", "percent", 10,
        usualMilli: 100, "AWS/SES", "Reputation.ComplaintRate", "Maximum", 3_600, 1, .atLeast,
        "ignore", [])
    case .certificate:
      Kind(
        "Days of the certificate", "ACM should have renewed it by now.", "days", 1_000,
        usualMilli: 30_000, "AWS/CertificateManager", "DaysToExpiry", "Minimum", 86_400, 1,
        .atMost, "missing", [.certificate])
    }
  }
}

extension RecommendedAlarm.Kind {
  fileprivate init(
    _ label: String, _ meaning: String, _ unit: String, _ unitMilli: Int64, usualMilli: Int64,
    _ namespace: String, _ metric: String, _ statistic: String, _ periodS: Int64,
    _ evaluations: Int64, _ comparison: AlarmSetting.Comparison, _ missing: String,
    _ names: [RecommendedAlarm.Name]
  ) {
    self.init(
      label: label, meaning: meaning, unit: unit, unitMilli: unitMilli, usualMilli: usualMilli,
      namespace: namespace, metric: metric, statistic: statistic, periodS: periodS,
      evaluations: evaluations, comparison: comparison, missing: missing, names: names)
  }
}
