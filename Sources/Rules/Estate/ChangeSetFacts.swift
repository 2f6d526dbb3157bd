/// What was read of the stack's change sets: plans for an update that CloudFormation keeps.
public struct ChangeSetFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.changeSets

  /// The newest first.
  public var sets: [PlannedUpdate]

  /// Facts, as read.
  public init(sets: [PlannedUpdate]) { self.sets = sets }
}

/// A change set: what one update would do, made once and never changed.
public struct PlannedUpdate: Codable, Hashable, Sendable {
  /// Its ARN.
  public var arn: String
  /// Its name.
  public var name: String
  /// `CREATE_COMPLETE`, `FAILED` and others.
  public var status: String
  /// Why it is in that status; empty when AWS does not say.
  public var reason: String
  /// `AVAILABLE`, `OBSOLETE`, `EXECUTE_COMPLETE` and others.
  public var execution: String
  /// What whoever made it said of it.
  public var description: String
  /// When it was made.
  public var createdAt: Moment?
  /// What it would do, by logical id.
  public var changes: [ResourceUpdate]

  /// Facts, as read.
  public init(
    arn: String, name: String, status: String, reason: String, execution: String,
    description: String, createdAt: Moment?, changes: [ResourceUpdate]
  ) {
    self.arn = arn
    self.name = name
    self.status = status
    self.reason = reason
    self.execution = execution
    self.description = description
    self.createdAt = createdAt
    self.changes = changes
  }

  /// Whether it can be executed now.
  public var isAvailable: Bool { status == "CREATE_COMPLETE" && execution == "AVAILABLE" }

  /// Whether any of it loses what can't be had back.
  public var isIrreversible: Bool { changes.contains(where: \.losesState) }

  /// How many resources it touches and how: `1 replaced, 2 changed`.
  public var counts: String {
    let words: [(ResourceUpdate.Effect, String)] = [
      (.removes, "removed"), (.replaces, "replaced"), (.mayReplace, "perhaps replaced"),
      (.changes, "changed"), (.adds, "added"),
    ]
    let parts = words.compactMap { effect, word -> String? in
      let count = changes.filter { $0.effect == effect }.count
      return count == 0 ? nil : "\(count) \(word)"
    }
    return parts.isEmpty ? "nothing changes" : parts.joined(separator: ", ")
  }

  /// In one word, or a few, what can be done with it.
  public var standing: String {
    switch (status, execution) {
    case (_, "AVAILABLE"): "can be executed"
    case (_, "OBSOLETE"): "obsolete: the stack has changed since"
    case (_, "EXECUTE_IN_PROGRESS"): "being executed"
    case (_, "EXECUTE_COMPLETE"): "executed"
    case (_, "EXECUTE_FAILED"): "its execution failed"
    case ("FAILED", _) where reason.contains("didn't contain changes"): "holds no changes"
    case ("FAILED", _): "could not be made"
    default: "being made"
    }
  }
}

/// What a change set would do to one resource.
public struct ResourceUpdate: Codable, Hashable, Sendable {
  /// What it comes to.
  public enum Effect: String, Codable, Sendable {
    case adds, changes, mayReplace, replaces, removes
  }

  /// The name in the template.
  public var logicalID: String
  /// The resource's own name; empty for one that is to be made.
  public var physicalID: String
  /// `AWS::RDS::DBInstance`.
  public var type: String
  /// What it comes to.
  public var effect: Effect
  /// What becomes of the one that goes: `Delete`, `ReplaceAndSnapshot`…; empty where none goes.
  public var policy: String
  /// Which properties change.
  public var properties: [PropertyUpdate]

  /// Facts, as read.
  public init(
    logicalID: String, physicalID: String, type: String, effect: Effect, policy: String,
    properties: [PropertyUpdate]
  ) {
    self.logicalID = logicalID
    self.physicalID = physicalID
    self.type = type
    self.effect = effect
    self.policy = policy
    self.properties = properties
  }

  /// What a resource of AWS's own vocabulary comes to.
  public static func effect(action: String, replacement: String?) -> Effect {
    switch (action, replacement) {
    case ("Add", _), ("Import", _): .adds
    case ("Remove", _): .removes
    case (_, "True"): .replaces
    // What AWS can't tell yet may be a replacement.
    case (_, "Conditional"), ("Dynamic", _): .mayReplace
    default: .changes
    }
  }

  /// Kinds of resource that hold nothing of their own: another one is as good.
  private static let stateless: Set = [
    "AWS::CDK::Metadata", "AWS::CloudWatch::Alarm", "AWS::EC2::Route",
    "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::ECS::Service", "AWS::ECS::TaskDefinition",
    "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::Events::Rule", "AWS::IAM::Policy",
    "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription", "AWS::SNS::TopicPolicy",
  ]

  /// Whether something goes that another one of its kind would not bring back. A kind that is not
  /// known to hold nothing is taken to hold something.
  public var losesState: Bool {
    guard !Self.stateless.contains(type) else { return false }
    return switch effect {
    case .removes, .replaces, .mayReplace: true
    case .adds, .changes: false
    }
  }

  /// What happens to it, in a sentence.
  public var words: String {
    let name = physicalID.isEmpty ? logicalID : "\(logicalID) (\(physicalID))"
    let kind = type.replacing("AWS::", with: "").replacing("::", with: " ")
    let fate =
      switch policy {
      case "Delete", "ReplaceAndDelete": " The one there is now is deleted."
      case "Snapshot", "ReplaceAndSnapshot":
        " The one there is now is deleted after a last snapshot."
      case "Retain", "ReplaceAndRetain": " The one there is now stays, outside the stack."
      default: ""
      }
    return switch effect {
    case .adds: "\(kind) \(name) is added."
    case .changes: "\(kind) \(name) is changed in place."
    case .mayReplace: "\(kind) \(name) may be replaced by another one.\(fate)"
    case .replaces: "\(kind) \(name) is replaced by another one.\(fate)"
    case .removes: "\(kind) \(name) is removed from the stack.\(fate)"
    }
  }
}

/// A property that a change set would change.
public struct PropertyUpdate: Codable, Hashable, Sendable {
  /// Its path without what all have in common, `BackupRetentionPeriod`.
  public var name: String
  /// Its value now; empty where AWS does not tell.
  public var before: String
  /// Its value then; empty where AWS does not tell.
  public var after: String

  /// Facts, as read.
  public init(name: String, before: String, after: String) {
    self.name = name
    self.before = before
    self.after = after
  }

  /// `BackupRetentionPeriod: 1 → 7`.
  public var words: String {
    if before.isEmpty, after.isEmpty { return "\(name) changes; AWS does not say to what" }
    return "\(name): \(before.isEmpty ? "not set" : before) → \(after.isEmpty ? "not set" : after)"
  }
}
