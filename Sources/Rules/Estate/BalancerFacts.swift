/// What was read of the load balancer.
public struct BalancerFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.balancer

  /// Its name.
  public var name: String
  /// `active`, `provisioning` and others.
  public var state: String
  /// Where it sends requests.
  public var targets: [TargetSummary]
  /// What it listens on, `HTTPS 443`.
  public var listeners: [String]
  /// Whether it refuses to be deleted.
  public var protectsDeletion: Bool

  /// Facts, as read.
  public init(
    name: String, state: String, targets: [TargetSummary], listeners: [String],
    protectsDeletion: Bool
  ) {
    self.name = name
    self.state = state
    self.targets = targets
    self.listeners = listeners
    self.protectsDeletion = protectsDeletion
  }
}

/// One target.
public struct TargetSummary: Codable, Hashable, Sendable {
  /// Its address and port.
  public var id: String
  /// `healthy`, `initial`, `unhealthy`, `draining` and others.
  public var state: String
  /// Why, in words.
  public var reason: String

  /// A target.
  public init(id: String, state: String, reason: String) {
    self.id = id
    self.state = state
    self.reason = reason
  }
}
