/// What was read of the region's alarms.
public struct AlarmFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.alarms

  /// The alarms, by name.
  public var alarms: [AlarmSummary]

  /// Facts, as read.
  public init(alarms: [AlarmSummary]) {
    self.alarms = alarms
  }
}

/// One alarm.
public struct AlarmSummary: Codable, Hashable, Sendable {
  /// Its name.
  public var name: String
  /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
  public var state: String
  /// Why it is in that state, in CloudWatch's words.
  public var reason: String
  /// Since when.
  public var since: Moment?
  /// What it watches, `AWS/RDS CPUUtilization`.
  public var metric: String
  /// Whether it has an action, and actions are on.
  public var tellsSomebody: Bool

  /// An alarm.
  public init(
    name: String, state: String, reason: String, since: Moment?, metric: String,
    tellsSomebody: Bool
  ) {
    self.name = name
    self.state = state
    self.reason = reason
    self.since = since
    self.metric = metric
    self.tellsSomebody = tellsSomebody
  }
}
