/// A window in which nothing is run, but for the kinds it names. Work that has begun may finish.
public struct Freeze: Hashable, Sendable {
  /// The number people say.
  public let number: Int64
  /// From when on, inclusive.
  public let from: Moment
  /// Until when, exclusive.
  public let to: Moment
  /// Why.
  public let reason: String
  /// Kinds of change that may be run all the same.
  public let exceptions: Set<String>
  /// When it was lifted before its end; nil while it stands.
  public let liftedAt: Moment?

  /// The longest freeze.
  public static let lengthMsMax = 60 * Span.day

  /// A freeze.
  public init(
    number: Int64, from: Moment, to: Moment, reason: String, exceptions: Set<String>,
    liftedAt: Moment? = nil
  ) {
    self.number = number
    self.from = from
    self.to = to
    self.reason = reason
    self.exceptions = exceptions
    self.liftedAt = liftedAt
  }

  /// Whether it stands at a moment.
  public func stands(at now: Moment) -> Bool { liftedAt == nil && from <= now && now < to }

  /// Whether it is over, or was lifted.
  public func isOver(at now: Moment) -> Bool { liftedAt != nil || now >= to }
}

extension House {
  /// The freeze that forbids a plan now; nil when none does. What changes Caretaker itself, the
  /// lifting of a freeze among it, is never frozen.
  public func freeze(of plan: Plan) -> Freeze? {
    guard plan.steps.contains(where: { $0.service != Step.ownService }) else { return nil }
    return freezes.first { $0.stands(at: now) && !$0.exceptions.contains(plan.kind) }
  }
}
