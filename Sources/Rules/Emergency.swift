/// Break-glass: one person runs changes that restore the service without an approval, for half an
/// hour, in the sight of everybody. A second person reviews it within a day, or it locks.
public struct Emergency: Hashable, Sendable {
  /// The number people say.
  public let number: Int64
  /// Who declared it.
  public let personID: Int64
  /// Why.
  public let reason: String
  /// From when on.
  public let openedAt: Moment
  /// Who reviewed it; nil while nobody has.
  public let reviewerID: Int64?

  /// How long it lasts.
  public static let lengthMs = 30 * Span.minute
  /// How long its review may take.
  public static let reviewWithinMs = 24 * Span.hour

  /// An emergency.
  public init(
    number: Int64, personID: Int64, reason: String, openedAt: Moment, reviewerID: Int64? = nil
  ) {
    self.number = number
    self.personID = personID
    self.reason = reason
    self.openedAt = openedAt
    self.reviewerID = reviewerID
  }

  /// Until when changes may be run in it.
  public var endsAt: Moment { openedAt.adding(ms: Self.lengthMs) }
  /// Until when it must be reviewed.
  public var reviewBy: Moment { openedAt.adding(ms: Self.reviewWithinMs) }
  /// Whether it goes on.
  public func isOpen(at now: Moment) -> Bool { openedAt <= now && now < endsAt }
  /// Whether its review is late, so that no other may be declared.
  public func isOverdue(at now: Moment) -> Bool { reviewerID == nil && now > reviewBy }
}

extension House {
  /// Whether a person may declare an emergency.
  public func checkEmergency(by person: Person, reason: String) throws(Refusal) {
    _ = try permit(person, to: .run)
    guard !reason.isEmpty else { throw .reasonMissing }
    if let late = emergencies.first(where: { $0.isOverdue(at: now) }) {
      throw .emergencyLocked(number: late.number)
    }
    if let open = emergencies.first(where: { $0.isOpen(at: now) && $0.personID == person.id }) {
      throw .emergencyOpen(until: open.endsAt)
    }
  }

  /// Whether a person may say that they have reviewed an emergency.
  public func checkReview(of emergency: Emergency, by person: Person) throws(Refusal) {
    let person = try permit(person, to: .approve)
    guard let declarer = self.person(emergency.personID), !declarer.isSamePerson(as: person) else {
      throw .ownEmergency
    }
    guard emergency.reviewerID == nil else { throw .alreadyReviewed }
  }

  /// The emergency in which a person may run a plan without an approval; nil when there is none.
  public func emergency(for plan: Plan, by person: Person) -> Emergency? {
    guard plan.restoresService, plan.guarding != .irreversible else { return nil }
    return emergencies.first { $0.personID == person.id && $0.isOpen(at: now) }
  }
}
