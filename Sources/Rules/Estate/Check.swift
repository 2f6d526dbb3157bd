/// What an estate is held to: one expectation, and how to tell whether it is met.
public struct Check: Sendable {
  /// The check's name, `rds.backup-retention`.
  public let id: String
  /// What it is about.
  public let subject: Subject
  /// How much it matters when it is not met: ``Health/attention`` or ``Health/danger``.
  public let severity: Health
  /// What should be so, in a few words.
  public let expectation: String
  /// Why that matters to Ghost.
  public let why: String
  private let judge: @Sendable (Estate) -> Judgement?

  /// A check of what was read of one subject; other subjects may be looked at too.
  /// - Parameter judge: nil where the check does not apply.
  init<Facts: Observed>(
    _ id: String, of facts: Facts.Type, _ severity: Health, expects expectation: String,
    why: String, judge: @escaping @Sendable (Facts, Estate) -> Judgement?
  ) {
    self.id = id
    subject = facts.subject
    self.severity = severity
    self.expectation = expectation
    self.why = why
    self.judge = { estate in
      switch estate[facts] {
      case .read(let facts): judge(facts, estate)
      case .failed(let sentence): .noData(sentence)
      case .never: .noData("\(facts.subject.label) has not been read yet.")
      }
    }
  }

  /// What the check finds; nil where it does not apply.
  public func finding(in estate: Estate) -> Finding? {
    guard let judgement = judge(estate) else { return nil }
    return Finding(check: self, judgement: judgement)
  }

  /// Every check there is.
  public static let all: [Check] =
    blog + service + tasks + rollouts + images + database + backups + bucket + logs + alarms
    + topics + mail + identities + members + balancer + network + zone + certificates + stack
    + workflows + changeSets + trail

  /// What every check finds.
  public static func findings(in estate: Estate) -> [Finding] {
    all.compactMap { $0.finding(in: estate) }
  }
}

/// What a check makes of what was read.
public enum Judgement: Sendable {
  /// It is as it should be; the sentence says how it is.
  case pass(String)
  /// It is not: how it is, what to do, and the change that mends it, where there is one.
  case fail(String, remedy: String, mend: Mend? = nil)
  /// It can't be told; the sentence says why.
  case noData(String)

  /// Meets an expectation or fails it.
  static func met(
    _ isMet: Bool, _ good: String, else bad: String, remedy: String, mend: Mend? = nil
  ) -> Judgement {
    isMet ? .pass(good) : .fail(bad, remedy: remedy, mend: mend)
  }

  /// Whether a certificate is valid for as long as ``Expectation/certificateDays`` more.
  static func certificate(endsAt end: Moment, at now: Moment, remedy: String) -> Judgement {
    let days = end.since(now) / Span.day
    let left = "Valid for \(Span.words(days: days)) more."
    return .met(
      days >= Expectation.certificateDays, left, else: end <= now ? "It has ended." : left,
      remedy: remedy)
  }
}

/// The change that would mend what a check found: its kind and what its form asks for.
public struct Mend: Hashable, Codable, Sendable {
  /// The kind of change, `rds.retention`.
  public let kind: String
  /// What to ask for, by the names of its form.
  public let form: [String: String]

  /// A mending change.
  public init(_ kind: String, _ form: [String: String] = [:]) {
    self.kind = kind
    self.form = form
  }
}
