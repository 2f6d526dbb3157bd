/// Who is told of what.
extension Change {
  /// Who is asked to review it: everybody whose approval would count and who has not voted yet.
  public func reviewers(in house: House) -> [Person] {
    house.people.filter { obstacle(to: $0, in: house) == nil && vote(of: $0.id) == nil }
  }

  /// Who is told what became of it: who asked for it, who edited it and who voted, but for whoever
  /// did it.
  public func concerned(among people: [Person], besides actor: Int64?) -> [Person] {
    let voters = Set(votes.map(\.personID))
    return people.filter { person in
      !person.isDisabled && person.id != actor
        && (editors.contains(person.id) || voters.contains(person.id))
    }
  }

  /// Who is told that its time is nearly over: who asked for it, and whose approval counts or would
  /// count.
  public func awaiting(in house: House) -> [Person] {
    house.people.filter { person in
      !person.isDisabled
        && (person.id == requester.id || obstacle(to: person, in: house) == nil)
    }
  }

  /// When its time is over, where that is near enough to be told: in its last hour, or its last
  /// quarter where it has less than four hours.
  public func expiry(in house: House) -> Moment? {
    guard let (from, by) = time(in: house) else { return nil }
    return by.since(house.now) <= min(NoticeClock.expiringMs, by.since(from) / 4) ? by : nil
  }
}

/// The times of notices.
public enum NoticeClock {
  /// How long before its end people are told of a change whose time is nearly over.
  public static let expiringMs = Span.hour

  /// How long to wait before the second try, the third and so on; after the last nobody tries any
  /// more. Together a night.
  public static let waitsMs: [Int64] = [
    Span.minute, 5 * Span.minute, 30 * Span.minute, 2 * Span.hour, 6 * Span.hour,
  ]

  /// How often it is tried altogether.
  public static let triesMax = waitsMs.count + 1

  /// When to try again; nil to give up.
  /// - Parameter tries: How often it was tried.
  public static func next(after tries: Int, at now: Moment) -> Moment? {
    1...waitsMs.count ~= tries ? now.adding(ms: waitsMs[tries - 1]) : nil
  }
}
