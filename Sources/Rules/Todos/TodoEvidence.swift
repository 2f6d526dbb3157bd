/// What a poll does to the todo of a finding.
public enum TodoTurn: Hashable, Sendable {
  /// It is born.
  case open(due: Day)
  /// It was done, and is not any more.
  case reopen(due: Day)
  /// It is done; the note says what shows it.
  case close(note: String)
}

/// Decides what evidence makes of what is left to do. A finding that can't be told changes nothing.
public enum TodoEvidence {
  /// What only asks for attention is left to do once it has failed for this long.
  public static let attentionAfterMs = Span.day
  /// The days in which a danger is to be mended.
  public static let dangerDueDays: Int64 = 7
  /// The days in which what asks for attention is to be mended.
  public static let attentionDueDays: Int64 = 30
  /// What closes the todo of a check that is not made any more.
  public static let noLongerApplies = "The check does not apply any more."

  /// Changes that are offered by a todo of their own, with a draft of the change.
  private static let offeredElsewhere: Set<String> = ["theme.deploy"]

  /// What a finding does to its todo; nil where it does nothing.
  /// - Parameters:
  ///   - failingSince: since when it fails without having passed; asked for only where that counts.
  ///   - isAccepted: whether somebody answers for it.
  ///   - isOpen: whether its todo is open; nil where it has none.
  public static func turn(
    for finding: Finding, failingSince: @autoclosure () throws -> Moment, isAccepted: Bool,
    isOpen: Bool?, at now: Moment
  ) rethrows -> TodoTurn? {
    switch finding.outcome {
    case .noData: return nil
    case .pass: return isOpen == true ? .close(note: finding.state) : nil
    case .fail:
      guard isOpen != true, !isAccepted, !isOfferedElsewhere(finding) else { return nil }
      guard try finding.severity == .danger || now.since(failingSince()) > attentionAfterMs else {
        return nil
      }
      let due = due(for: finding.severity, at: now)
      return isOpen == nil ? .open(due: due) : .reopen(due: due)
    }
  }

  /// The day by which a finding is to be mended.
  public static func due(for severity: Health, at now: Moment) -> Day {
    Day(number: Day(now).number + (severity == .danger ? dangerDueDays : attentionDueDays))
  }

  /// Whether a todo stays open whatever a person says of it: its finding fails, and nobody answers
  /// for that.
  public static func staysOpen(_ finding: Finding, isAccepted: Bool) -> Bool {
    finding.outcome == .fail && !isAccepted
  }

  private static func isOfferedElsewhere(_ finding: Finding) -> Bool {
    finding.mend.map { offeredElsewhere.contains($0.kind) } ?? false
  }
}
