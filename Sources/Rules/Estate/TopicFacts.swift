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
  /// How many subscriptions are confirmed.
  public var confirmed: Int64
  /// How many wait for somebody to confirm them.
  public var pending: Int64

  /// A topic.
  public init(name: String, confirmed: Int64, pending: Int64) {
    self.name = name
    self.confirmed = confirmed
    self.pending = pending
  }
}
