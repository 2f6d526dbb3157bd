/// Acts in the account on what the stack holds, as CloudTrail told them at the last look.
public struct TrailFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.trail

  /// The longest that CloudTrail may take to tell of a call, in milliseconds, with room to spare.
  public static let lateMs = 20 * Span.minute
  /// How far back the first look goes, in milliseconds.
  public static let lookBackMs = Span.day
  /// How far back a look goes after a long pause, in milliseconds.
  public static let lookBackMsMax = 7 * Span.day

  /// From when on was looked.
  public var since: Moment
  /// Who Caretaker itself is to AWS: the end of its ARN without the session.
  public var ownIdentity: String
  /// Who the runs of changes are to AWS, in the same form; nil where that is Caretaker itself.
  public var runIdentity: String?
  /// What was done, oldest first.
  public var acts: [TrailAct]
  /// The ids of those that no change of Caretaker's made.
  public var outside: Set<String>

  /// Facts, as read.
  public init(
    since: Moment, ownIdentity: String, runIdentity: String? = nil, acts: [TrailAct],
    outside: Set<String> = []
  ) {
    self.runIdentity = runIdentity
    self.since = since
    self.ownIdentity = ownIdentity
    self.acts = acts
    self.outside = outside
  }
}

/// One call that changed something.
public struct TrailAct: Codable, Hashable, Sendable {
  /// CloudTrail's id of it.
  public var id: String
  /// The operation, `UpdateService`.
  public var operation: String
  /// The service, `ecs`.
  public var service: String
  /// When, to the second.
  public var at: Moment
  /// Who, as CloudTrail calls them.
  public var who: String
  /// Who, in the same form as ``TrailFacts/ownIdentity``.
  public var identity: String
  /// What it was done to, as the stack names it.
  public var resource: String

  /// Facts, as read.
  public init(
    id: String, operation: String, service: String, at: Moment, who: String, identity: String,
    resource: String
  ) {
    self.id = id
    self.operation = operation
    self.service = service
    self.at = at
    self.who = who
    self.identity = identity
    self.resource = resource
  }
}

/// One call that a change of Caretaker made, as its log has it.
public struct OwnCall: Hashable, Sendable {
  /// The operation, `UpdateService`.
  public var operation: String
  /// When its intent was written.
  public var from: Moment
  /// When its outcome was written; nil while there is none.
  public var to: Moment?
  /// What the session of its run is called, where runs have one.
  public var session: String

  /// A call.
  public init(operation: String, from: Moment, to: Moment?, session: String = "") {
    self.session = session
    self.operation = operation
    self.from = from
    self.to = to
  }
}

extension TrailFacts {
  /// How far the clocks of AWS and of this machine may lie apart, in milliseconds.
  public static let clocksApartMs = Span.minute

  /// What nobody did by a change of Caretaker: every act of somebody else, and every act with
  /// Caretaker's own credentials, or in the session of a run, that no step of a change made.
  public func outside(of calls: [OwnCall]) -> [TrailAct] {
    acts.filter { act in
      let isOfRun = act.identity == runIdentity
      guard isOfRun || act.identity == ownIdentity else { return true }
      return !calls.contains { call in
        call.operation == act.operation && (!isOfRun || act.who == call.session)
          && act.at >= call.from.adding(ms: -Self.clocksApartMs)
          && act.at <= (call.to ?? act.at).adding(ms: Self.clocksApartMs)
      }
    }
  }
}
