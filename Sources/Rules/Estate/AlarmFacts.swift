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
  /// How it is set; nil for an alarm on an expression.
  public var setting: AlarmSetting?
  /// How Caretaker has set it, by what it says of itself; nil where Caretaker has not.
  public var declared: String?

  /// Whether somebody has set it otherwise than Caretaker had.
  public var hasDrifted: Bool { declared.map { $0 != setting?.words } ?? false }

  /// An alarm.
  public init(
    name: String, state: String, reason: String, since: Moment?, metric: String,
    tellsSomebody: Bool, setting: AlarmSetting? = nil, declared: String? = nil
  ) {
    self.name = name
    self.state = state
    self.reason = reason
    self.since = since
    self.metric = metric
    self.tellsSomebody = tellsSomebody
    self.setting = setting
    self.declared = declared
  }
}
