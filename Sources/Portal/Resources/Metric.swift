import Rules

/// A figure that CloudWatch keeps, and how people read it.
struct Metric: Sendable {
  /// How its values are read.
  enum Unit: Sendable { case percent, count, bytes, milliseconds }

  /// Its name in the database.
  let id: String
  let label: String
  /// What it is a figure of.
  let subject: Subject
  let namespace: String
  let name: String
  let statistic: String
  let unit: Unit
  /// The top of its chart is never lower, so that small figures look small.
  let topAtLeast: Double

  private init(
    _ id: String, _ label: String, of subject: Subject, _ namespace: String, _ name: String,
    _ statistic: String, _ unit: Unit, topAtLeast: Double
  ) {
    self.id = id
    self.label = label
    self.subject = subject
    self.namespace = namespace
    self.name = name
    self.statistic = statistic
    self.unit = unit
    self.topAtLeast = topAtLeast
  }

  /// The distance between two values.
  static let periodSeconds = 300

  /// Every figure that is kept.
  static let all: [Metric] = [
    Metric(
      "service.cpu", "CPU", of: .service, "AWS/ECS", "CPUUtilization", "Average", .percent,
      topAtLeast: 100),
    Metric(
      "service.memory", "Memory", of: .service, "AWS/ECS", "MemoryUtilization", "Average",
      .percent, topAtLeast: 100),
    Metric(
      "database.cpu", "CPU", of: .database, "AWS/RDS", "CPUUtilization", "Average", .percent,
      topAtLeast: 100),
    Metric(
      "database.connections", "Connections", of: .database, "AWS/RDS", "DatabaseConnections",
      "Maximum", .count, topAtLeast: 10),
    Metric(
      "database.free", "Free storage", of: .database, "AWS/RDS", "FreeStorageSpace", "Minimum",
      .bytes, topAtLeast: 1),
    Metric(
      "balancer.5xx", "Errors (5xx)", of: .balancer, "AWS/ApplicationELB",
      "HTTPCode_Target_5XX_Count", "Sum", .count, topAtLeast: 10),
    Metric(
      "balancer.latency", "Time to answer", of: .balancer, "AWS/ApplicationELB",
      "TargetResponseTime", "Average", .milliseconds, topAtLeast: 0.1),
    Metric("mail.sent", "Sent", of: .mail, "AWS/SES", "Send", "Sum", .count, topAtLeast: 10),
    Metric(
      "mail.bounced", "Bounced", of: .mail, "AWS/SES", "Bounce", "Sum", .count, topAtLeast: 10),
  ]

  /// A value as people read it.
  func words(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "not known" }
    switch unit {
    case .percent: return "\(Self.oneDecimal(value)) %"
    case .count: return Self.oneDecimal(value)
    case .bytes: return bytes(Int64(value))
    // CloudWatch counts seconds here.
    case .milliseconds: return "\(Int64((value * 1_000).rounded())) ms"
    }
  }

  private static func oneDecimal(_ value: Double) -> String {
    let tenths = Int64((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }
}
