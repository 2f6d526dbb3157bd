/// How many people a change needs, and how long things may take. Changed only by a guarded change.
public struct Policy: Hashable, Sendable {
  /// Other people who must approve a guarded change: 1 to 5.
  public var guardedApprovals: Int64
  /// Other people who must approve an irreversible change, where there are that many: 2 to 5.
  public var irreversibleApprovals: Int64
  /// How long an irreversible change rests after its approval where the team is too small.
  public var coolingOffMs: Int64
  /// How long a proposed change may wait for its approval.
  public var reviewWithinMs: Int64
  /// How long an approval is good for.
  public var runWithinMs: Int64
  /// How long the approval of an irreversible change is good for.
  public var runIrreversibleWithinMs: Int64
  /// How old a role must be before it approves. Zero only from the first set-up.
  public var roleAgeMs: Int64
  /// How long somebody created, promoted or given a password by the requester does not count.
  public var tieMs: Int64

  /// What applies unless the first set-up says otherwise.
  public static let standard = Policy(
    guardedApprovals: 1, irreversibleApprovals: 2, coolingOffMs: 24 * Span.hour,
    reviewWithinMs: 72 * Span.hour, runWithinMs: 4 * Span.hour, runIrreversibleWithinMs: Span.hour,
    roleAgeMs: 24 * Span.hour, tieMs: 7 * Span.day)

  /// Every setting with its name, its words, and the smallest and largest value it may have.
  /// A setting that is missing or out of bounds refuses the whole policy.
  public static let settings: [Setting] = [
    Setting("guarded_approvals", "Approvals for a guarded change", \.guardedApprovals, 1, 5),
    Setting(
      "irreversible_approvals", "Approvals for an irreversible change", \.irreversibleApprovals, 2,
      5),
    Setting("cooling_off_ms", "Cooling-off", \.coolingOffMs, Span.hour, 14 * Span.day),
    Setting("review_within_ms", "Time to review", \.reviewWithinMs, Span.hour, 30 * Span.day),
    Setting("run_within_ms", "Time to run", \.runWithinMs, 10 * Span.minute, 7 * Span.day),
    Setting(
      "run_irreversible_within_ms", "Time to run an irreversible change",
      \.runIrreversibleWithinMs, 10 * Span.minute, Span.day),
    Setting("role_age_ms", "A new role approves after", \.roleAgeMs, 0, 30 * Span.day),
    Setting(
      "tie_ms", "Approvals of people one has added count after", \.tieMs, 0, 90 * Span.day),
  ]

  /// One setting.
  public struct Setting: Sendable {
    /// The name in bytes and forms.
    public let name: String
    /// The name for people.
    public let label: String
    /// Where the value is.
    public let path: any WritableKeyPath<Policy, Int64> & Sendable
    /// The values it may have.
    public let range: ClosedRange<Int64>

    init(
      _ name: String, _ label: String, _ path: any WritableKeyPath<Policy, Int64> & Sendable,
      _ least: Int64, _ most: Int64
    ) {
      self.name = name
      self.label = label
      self.path = path
      range = least...most
    }

    /// Whether the value is a length of time in milliseconds.
    public var isSpan: Bool { name.hasSuffix("_ms") }
  }

  /// A policy from its settings; nil when one is missing or out of bounds.
  public init?(settings values: [String: Int64]) {
    var policy = Policy.standard
    for setting in Self.settings {
      guard let value = values[setting.name], setting.range.contains(value) else { return nil }
      policy[keyPath: setting.path] = value
    }
    self = policy
  }

  /// The settings by name.
  public var settings: [String: Int64] {
    Dictionary(
      uniqueKeysWithValues: Self.settings.map { ($0.name, self[keyPath: $0.path]) })
  }

  /// What a change of this kind needs in a team with so many other people who could approve it.
  public func requirement(for guarding: Guarding, others: Int) -> Requirement {
    switch guarding {
    case .logged: Requirement(approvals: 0, coolingOffMs: 0)
    case .guarded: Requirement(approvals: guardedApprovals, coolingOffMs: 0)
    case .irreversible where others >= irreversibleApprovals:
      Requirement(approvals: irreversibleApprovals, coolingOffMs: 0)
    case .irreversible:
      Requirement(approvals: max(guardedApprovals, 1), coolingOffMs: coolingOffMs)
    }
  }

  /// How long an approval of such a change is good for, once it may be run.
  public func runWithinMs(of guarding: Guarding) -> Int64 {
    guarding == .irreversible ? runIrreversibleWithinMs : runWithinMs
  }

  private init(
    guardedApprovals: Int64, irreversibleApprovals: Int64, coolingOffMs: Int64,
    reviewWithinMs: Int64, runWithinMs: Int64, runIrreversibleWithinMs: Int64, roleAgeMs: Int64,
    tieMs: Int64
  ) {
    self.guardedApprovals = guardedApprovals
    self.irreversibleApprovals = irreversibleApprovals
    self.coolingOffMs = coolingOffMs
    self.reviewWithinMs = reviewWithinMs
    self.runWithinMs = runWithinMs
    self.runIrreversibleWithinMs = runIrreversibleWithinMs
    self.roleAgeMs = roleAgeMs
    self.tieMs = tieMs
  }
}

/// What a change needs before it may be run.
public struct Requirement: Hashable, Sendable {
  /// Approvals of other people.
  public let approvals: Int64
  /// How long it rests after the last of them.
  public let coolingOffMs: Int64

  /// A requirement.
  public init(approvals: Int64, coolingOffMs: Int64) {
    self.approvals = approvals
    self.coolingOffMs = coolingOffMs
  }

  /// Both requirements in one.
  public func stricter(than other: Requirement) -> Requirement {
    Requirement(
      approvals: max(approvals, other.approvals),
      coolingOffMs: max(coolingOffMs, other.coolingOffMs))
  }
}
