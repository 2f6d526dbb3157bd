/// What a check found.
public struct Finding: Hashable, Sendable {
  /// Whether the expectation is met.
  public enum Outcome: String, Sendable {
    /// It is.
    case pass
    /// It is not.
    case fail
    /// It can't be told: never the same as met.
    case noData = "no_data"
  }

  /// The check, `rds.backup-retention`.
  public let id: String
  /// What it is about.
  public let subject: Subject
  /// Whether the expectation is met.
  public let outcome: Outcome
  /// How much it matters when it is not.
  public let severity: Health
  /// What should be so.
  public let expectation: String
  /// How it is, in one sentence; why it can't be told, where it can't.
  public let state: String
  /// Why that matters to Ghost.
  public let why: String
  /// What to do about it; empty where nothing is to be done.
  public let remedy: String
  /// The change that mends it; nil where none does.
  public let mend: Mend?

  /// A finding as it was kept.
  public init(
    id: String, subject: Subject, outcome: Outcome, severity: Health, expectation: String,
    state: String, why: String, remedy: String, mend: Mend?
  ) {
    self.id = id
    self.subject = subject
    self.outcome = outcome
    self.severity = severity
    self.expectation = expectation
    self.state = state
    self.why = why
    self.remedy = remedy
    self.mend = mend
  }

  init(check: Check, judgement: Judgement) {
    id = check.id
    subject = check.subject
    severity = check.severity
    expectation = check.expectation
    why = check.why
    switch judgement {
    case .pass(let sentence):
      (outcome, state, remedy, mend) = (.pass, sentence, "", nil)
    case .fail(let sentence, let remedy, let mend):
      (outcome, state, self.remedy, self.mend) = (.fail, sentence, remedy, mend)
    case .noData(let sentence):
      (outcome, state, remedy, mend) = (.noData, sentence, "", nil)
    }
  }

  /// How well what it is about is, as far as this tells.
  public var health: Health {
    switch outcome {
    case .pass: .good
    case .noData: .unknown
    case .fail: severity
    }
  }
}
