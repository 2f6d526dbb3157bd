/// A change, decided to the last parameter: what is read first, what is called, what must be seen
/// afterwards, and what it costs. Its bytes are what people approve and what runs.
///
/// A plan holds no reading of a clock, so that two plans for the same thing in the same state are
/// the same bytes.
public struct Plan: Hashable, Sendable {
  /// Names and forms of the plan's own encoding; changes when a field is added.
  public static let version: Int64 = 1

  /// The change's id, from which every idempotency token and marker is derived.
  public let change: String
  /// Which kind of change, `ecs.count`.
  public let kind: String
  /// The site it belongs to.
  public let site: String
  /// One line that says what will happen.
  public let title: String
  /// How many people must agree.
  public let guarding: Guarding
  /// What was asked for, by parameter name.
  public let parameters: [String: String]
  /// Resources nothing else may change meanwhile.
  public let locks: [String]
  /// What must be true, read live, at the moment it runs.
  public let preconditions: [Reading]
  /// The calls, in order.
  public let steps: [Step]
  /// What must be seen for the change to have succeeded.
  public let expected: [Reading]
  /// Any of these seen means it has failed; no need to wait for the deadline.
  public let failure: [Reading]
  /// How long after the last call the expected may take, in milliseconds.
  public let verifyWithinMs: Int64
  /// What people should know before they agree, one sentence each.
  public let effects: [String]
  /// The cost.
  public internal(set) var cost: Cost
  /// Whether it brings the service back, so that an emergency may run it.
  public let restoresService: Bool
  /// What whoever runs it types to name what is lost; empty where nothing is.
  public let typedName: String
  /// The backup that must be there when it runs.
  public let backup: Backup?
  /// What would put everything back.
  public let inverse: Inverse?
  /// Under what terms it may be run. Set where the plan is proposed, not by its kind.
  public var terms: Terms

  /// A plan.
  public init(
    change: String, kind: String, site: String, title: String, guarding: Guarding,
    parameters: [String: String], locks: [String], preconditions: [Reading], steps: [Step],
    expected: [Reading], failure: [Reading], verifyWithinMs: Int64, effects: [String], cost: Cost,
    restoresService: Bool = false, typedName: String = "", backup: Backup? = nil,
    inverse: Inverse? = nil, terms: Terms = Terms()
  ) {
    self.change = change
    self.kind = kind
    self.site = site
    self.title = title
    self.guarding = guarding
    self.parameters = parameters
    self.locks = locks
    self.preconditions = preconditions
    self.steps = steps
    self.expected = expected
    self.failure = failure
    self.verifyWithinMs = verifyWithinMs
    self.effects = effects
    self.cost = cost
    self.restoresService = restoresService
    self.typedName = typedName
    self.backup = backup
    self.inverse = inverse
    self.terms = terms
  }

  /// The reading of a field before, for a page's before → after.
  public func before(_ field: String) -> String? {
    preconditions.first { $0.field == field }?.value
  }
}

/// How grave a change is, and so how many people it needs.
public enum Guarding: String, CaseIterable, Sendable {
  /// Easily put back: one person, logged.
  case logged = "c1"
  /// The requester and one other person.
  case guarded = "c2"
  /// Can't be put back: the requester and two others, or one and a day of cooling-off.
  case irreversible = "c3"
}

/// One field of a live resource and the value it has or must have.
public struct Reading: Hashable, Sendable {
  /// The field's path, `service.desired_count`.
  public let field: String
  /// The field as people call it, `Desired tasks`.
  public let label: String
  /// The value, as it is compared.
  public let value: String

  /// A reading.
  public init(_ field: String, _ label: String, _ value: String) {
    self.field = field
    self.label = label
    self.value = value
  }
}

/// Under what terms a plan may be run.
public struct Terms: Hashable, Sendable {
  /// Which revision of the change's plan it is, from 1.
  public var revision: Int64
  /// What it needed when it was proposed; the policy of the day may need more.
  public var requirement: Requirement
  /// When the clock runs it; nil to wait for a person.
  public var runAt: Moment?

  /// Terms.
  public init(
    revision: Int64 = 1, requirement: Requirement = Requirement(approvals: 0, coolingOffMs: 0),
    runAt: Moment? = nil
  ) {
    self.revision = revision
    self.requirement = requirement
    self.runAt = runAt
  }
}

/// A backup that must be fresh when a plan is run.
public struct Backup: Hashable, Sendable {
  /// What is restored from it, `the database ghost-db`.
  public let words: String
  /// How old the newest point it restores to may be, in milliseconds.
  public let ageMsMax: Int64

  /// A backup.
  public init(words: String, ageMsMax: Int64) {
    self.words = words
    self.ageMsMax = ageMsMax
  }
}

/// The change that would put another one back.
public struct Inverse: Hashable, Sendable {
  /// Its kind.
  public let kind: String
  /// What to ask for, by the names of its form.
  public let form: [String: String]

  /// An inverse.
  public init(kind: String, form: [String: String]) {
    self.kind = kind
    self.form = form
  }
}
