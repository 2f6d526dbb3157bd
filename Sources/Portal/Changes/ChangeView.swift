import Rules

/// A change as one person sees it at one moment.
struct ChangeView: Sendable {
  /// What the box for deciding holds.
  enum Box: Sendable {
    /// The form to approve or reject.
    case decide
    /// One's own change: why one can't, and who can.
    case own
    /// The role approves, but this person's approval does not count: why, and who can.
    case ineligible
    /// Not for this person: who can.
    case watch
    /// The button to run.
    case run
    /// Approved, but not for this person to run.
    case waitsForRun
    /// The form to say what was found.
    case settle
    /// One has run it oneself: somebody else has to look.
    case waitsForFinding
    /// Nothing to decide.
    case none
  }

  let change: Change
  let person: Person
  let house: House
  let executors: Set<Int64>
  /// What is left to do because of it.
  let todos: [Todo]
  /// Whether the calls left of an unknown run may be made.
  let isRepeatable: Bool
  let seen: [String: String]
  let seenAt: Moment?
  let timeline: [AuditLine]
  /// What it was to cost beside what was paid; nil where that is not compared.
  let comparison: Comparison?
  /// What was typed in its form; empty where that was not kept.
  let asked: [String: String]
  /// How many of its calls were begun.
  let stepsBegun: Int
  /// How long its run goes on; nil where none does.
  let pace: WorkPace?
  /// Why its run can't look at the live state now; empty where it can.
  let unread: String

  var now: Moment { house.now }
  var state: ChangeState { change.state(at: now) }
  var isMoving: Bool { state.isRunning }
  var requirement: Requirement { change.requirement(in: house) }

  var box: Box {
    switch state {
    case .pending where !emergency.isEmpty: .run
    case .pending where person.id == change.requester.id: .own
    case .pending where !person.may(.approve): .watch
    case .pending: change.obstacle(to: person, in: house) == nil ? .decide : .ineligible
    case .approved: person.may(.run) ? .run : .waitsForRun
    case .unknown: maySettle ? .settle : .waitsForFinding
    default: .none
    }
  }

  /// How far its run has come: `Step 2 of 3. Running for 40 seconds, usually 2 minutes.`
  var progress: String {
    guard let pace else { return "" }
    let count = change.plan.steps.count
    let step = state == .executing && count > 1 ? "Step \(max(stepsBegun, 1)) of \(count). " : ""
    return step + pace.sentence
  }

  /// How it stands, in one sentence.
  var sentence: String {
    switch state {
    case .pending: "Nothing has changed yet. \(approvals)"
    case .approved:
      (requirement.approvals == 0
        ? "Nothing has changed yet. It needs no approval: " : "Approved. Nothing has changed yet: ")
        + (runAt.isEmpty ? "somebody has to run it." : "the clock runs it.")
    case .executing: "Caretaker is making the calls. This page follows it."
    case .verifying: "Every call was answered. Caretaker waits to see it done."
    case .unknown: "Nobody knows yet what became of it. Nothing is sent again by itself."
    case .succeeded: "Done, and seen to be done."
    case .failedNoEffect: "It failed. Nothing was changed."
    case .failedPartial: "It failed after something was changed. Read the timeline."
    case .rejected: "Rejected. Nothing was changed."
    case .withdrawn: "Withdrawn. Nothing was changed."
    case .revoked: "Stopped. Nothing was changed."
    case .expired: "Its time ran out. Nothing was changed; propose it again if it is still wanted."
    case .stale:
      "The live state is not what was approved any more. Nothing was changed; preview it again."
    }
  }
}

extension Plan {
  /// Who its “person 4” is. Plans are kept for ever and name people by number; names can be erased.
  func legend(among people: [Person]) -> String {
    guard let number = parameters["person"].flatMap({ Int64($0) }),
      let person = people.first(where: { $0.id == number })
    else { return "" }
    return "Person \(number) is \(person.name)."
  }
}

/// Who decides, and what this person may do.
extension ChangeView {
  /// Who could approve it, in words; empty when nobody could.
  var approvers: String {
    house.people.filter {
      change.obstacle(to: $0, in: house) == nil && change.vote(of: $0.id) == nil
    }.map(\.name).listed(" or ")
  }

  /// How many approvals it has of how many it needs.
  var approvals: String {
    let counted = change.approvers(in: house)
    let needed = requirement.approvals
    if counted.isEmpty {
      return needed == 1 ? "It needs one approval." : "It needs \(needed) approvals."
    }
    let names = counted.map(\.name).joined(separator: " and ")
    return "\(names) approved it; \(counted.count) of \(needed) needed."
  }

  /// Who approved and does not count, and why.
  var uncounted: [Sentence] {
    house.people.compactMap { person in
      guard change.vote(of: person.id) == .approve,
        let why = change.obstacle(to: person, in: house)
      else { return nil }
      return Sentence(
        text: "The approval of \(person.name) does not count: \(person.name) \(why.words).")
    }
  }

  /// Why this person can't decide.
  var cannot: String {
    change.obstacle(to: person, in: house).map { Refusal.doesNotCount($0).sentence } ?? ""
  }

  /// Until when an approved change rests; empty when it does not.
  var restsUntil: String {
    guard state == .approved, let from = change.runFrom, now < from else { return "" }
    return from.local
  }

  /// When the clock runs it; empty where a person has to.
  var runAt: String { change.clockTime(at: now)?.local ?? "" }

  /// When the clock should have run it; empty where it never should, or still will.
  var missedRunAt: String {
    guard state.isBeforeRun, runAt.isEmpty else { return "" }
    return change.plan.terms.runAt?.local ?? ""
  }

  /// That little time is left to approve it or to run it; empty where there is enough.
  var hurry: String {
    guard change.isRunningOut(in: house) else { return "" }
    let end = change.runBy ?? change.reviewBy
    return "Less than a quarter of the time to \(state == .pending ? "approve" : "run") it is "
      + "left: it ends \(When(end, now: now).relative), on \(end.local). More time takes another "
      + "plan and another vote."
  }

  /// How long there is to run it once it is approved.
  var runWithin: String { Span.words(ms: house.policy.runWithinMs(of: change.plan.guarding)) }

  /// The freeze that stands in the way; empty when none does.
  var frozen: String {
    guard state.isBeforeRun || mayResume, let freeze = house.freeze(of: change.plan) else {
      return ""
    }
    return "Frozen until \(freeze.to.local): “\(freeze.reason)”"
  }

  /// The emergency in which this person may run it without an approval; empty when there is none.
  var emergency: String {
    guard state == .pending, person.may(.run),
      let emergency = house.emergency(for: change.plan, by: person)
    else { return "" }
    return "E-\(emergency.number)"
  }

  /// What must be true when it runs: every field, and the backup where one is asked for.
  var conditions: [DiffLine] {
    change.plan.preconditions.map { DiffLine(label: $0.label, before: "", after: $0.value) }
      + [change.plan.backup].compactMap { $0 }.map { backup in
        DiffLine(
          label: "Backup", before: "",
          after: "\(backup.words) can be restored to a point at most "
            + "\(Span.words(ms: backup.ageMsMax)) ago")
      }
  }

  /// Who the plan's “person 4” is; empty where it names nobody.
  var legend: String { change.plan.legend(among: house.people) }

  /// How grave it is, in words.
  var terms: String {
    let plan = change.plan
    let grave: [Guarding: String] = [
      .logged: "Easily put back: one person, logged.",
      .guarded: "Guarded: a second person decides.",
      .irreversible: "Can't be put back: more than one other person decides, or it rests first.",
    ]
    return (grave[plan.guarding] ?? "")
      + (plan.terms.revision > 1 ? " Revision \(plan.terms.revision)." : "")
  }

  var mayWithdraw: Bool { person.id == change.requester.id && state.isBeforeRun }
  var mayEdit: Bool { person.may(.propose) && state.isBeforeRun && !editPath.isEmpty }
  var mayStop: Bool {
    person.id != change.requester.id
      && (try? change.checkRevocation(by: person, note: "-", in: house)) != nil
  }
  var mayTakeBack: Bool { change.vote(of: person.id) == .approve && state.isBeforeRun }
  private var maySettle: Bool {
    (try? change.checkFinding(by: person, executors: executors, in: house)) != nil
  }
  /// Whether it ended before anything was done, so that the same may be asked for once more.
  var mayAskAgain: Bool {
    [.stale, .expired, .failedNoEffect].contains(state) && person.may(.propose)
  }
  var mayResume: Bool { state == .unknown && isRepeatable && person.may(.run) }
  var mayDraft: Bool {
    change.storedState.wasRun && change.plan.inverse != nil && person.may(.propose)
  }

  /// A preview of the same as it would be now, for a change of its own.
  var againPath: String {
    guard let kind = ChangeKind.named(change.plan.kind) else { return "/changes" }
    return asked.isEmpty ? kind.formPath : "/changes/preview?" + query(asked)
  }

  /// The form that makes the next revision.
  var editPath: String {
    ChangeKind.named(change.plan.kind).map {
      var fields = asked
      fields["kind"] = nil
      fields["revises"] = String(change.number)
      return $0.formPath + ($0.ownPath == nil ? "&" : "?") + query(fields)
    } ?? ""
  }
}
