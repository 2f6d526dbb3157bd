/// One call of a plan.
public struct Step: Hashable, Sendable {
  /// How to tell, after a crash or a lost answer, whether the call was made.
  public enum Recovery: String, Sendable {
    /// Sets a field to a value: reading the field tells.
    case setTo = "set_to"
    /// Makes something under a name derived from the change: looking for the name tells.
    case namedCreate = "named_create"
    /// Carries a token derived from the change, which the service honours once.
    case token
    /// Names the value it replaces: it does nothing where that is gone.
    case compareAndSwap = "compare_and_swap"
    /// Leaves a mark (a tag with the change's id): looking for the mark tells.
    case marker
    /// Must not be made twice, and nothing tells: a person has to look.
    case oneShot = "one_shot"

    /// Whether the call may be made again when everything is seen to be as before it.
    public var isRepeatable: Bool {
      switch self {
      case .setTo, .namedCreate, .token, .compareAndSwap: true
      case .marker, .oneShot: false
      }
    }
  }

  /// The service of steps that change Caretaker itself.
  public static let ownService = "caretaker"

  /// The AWS service, `ecs`.
  public let service: String
  /// The operation, `UpdateService`.
  public let operation: String
  /// What the step does, in words.
  public let words: String
  /// The exact parameters. A value `result of step N` stands for what that step gave.
  public let parameters: [String: String]
  /// How a lost answer is cleared up.
  public let recovery: Recovery

  /// A step.
  public init(
    service: String, operation: String, words: String, parameters: [String: String],
    recovery: Recovery
  ) {
    self.service = service
    self.operation = operation
    self.words = words
    self.parameters = parameters
    self.recovery = recovery
  }
}
