/// What was read of the topics that alarms tell.
public struct TopicFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.topics

  /// The topics, by name.
  public var topics: [TopicSummary]

  /// Facts, as read.
  public init(topics: [TopicSummary]) {
    self.topics = topics
  }
}

/// One topic.
public struct TopicSummary: Codable, Hashable, Sendable {
  /// Its name.
  public var name: String
  /// Its ARN.
  public var arn: String
  /// How many subscriptions are confirmed.
  public var confirmed: Int64
  /// How many wait for somebody to confirm them.
  public var pending: Int64
  /// The first address by mail that waits; nil where none does.
  public var pendingAddress: String?

  /// A topic.
  public init(
    name: String, arn: String = "", confirmed: Int64, pending: Int64, pendingAddress: String? = nil
  ) {
    self.name = name
    self.arn = arn
    self.pendingAddress = pendingAddress
    self.confirmed = confirmed
    self.pending = pending
  }
}
