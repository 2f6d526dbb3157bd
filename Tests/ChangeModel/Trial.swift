/// Sequences of random events through a system and the oracle side by side.
package struct Trial: Sendable {
  /// What was seen over many sequences.
  package struct Tally: Sendable {
    package var sequences = 0
    package var events = 0
    package var runs = 0
    package var emergencyRuns = 0
    package var resumptions = 0
    package var findings = 0
    /// Runs that neither enough people nor an emergency stood behind.
    package var unapprovedRuns = 0
    /// The first sequences on which system and oracle disagree, or a rule that always holds broke,
    /// each in words and as short as it gets.
    package var failures: [String] = []

    package init() {}

    package mutating func add(_ other: Tally) {
      sequences += other.sequences
      events += other.events
      runs += other.runs
      emergencyRuns += other.emergencyRuns
      resumptions += other.resumptions
      findings += other.findings
      unapprovedRuns += other.unapprovedRuns
      failures += other.failures
    }
  }

  /// How many failures are looked into before a trial gives up.
  static let failuresMax = 3

  private let seed: UInt64

  /// - Parameter seed: of the first sequence; each has the next.
  package init(seed: UInt64) { self.seed = seed }

  /// Runs sequences until enough were run or too many failed.
  /// - Parameters:
  ///   - numbers: which sequences.
  ///   - makeSystem: a new system for each.
  ///   - atEnd: what is wrong with a system at the end of a sequence; nil when nothing is.
  package func run<Tested: System>(
    _ numbers: Range<Int>, on makeSystem: () throws -> Tested,
    atEnd: (inout Tested) throws -> String? = { _ in nil }
  ) throws -> Tally {
    var tally = Tally()
    for number in numbers where tally.failures.count < Self.failuresMax {
      let own = seed &+ UInt64(number)
      var generator = Generator(seed: own)
      var course = Course(try makeSystem())
      var why: String?
      for _ in 0..<generator.length() where why == nil {
        why = try course.take(generator.next(after: course.oracle))
      }
      why = try why ?? atEnd(&course.system)
      tally.add(course.tally)
      guard let why else { continue }
      let events = try Self.shrink(course.events) {
        try Self.failure(of: $0, on: makeSystem(), atEnd: atEnd) != nil
      }
      let last = try Self.failure(of: events, on: makeSystem(), atEnd: atEnd) ?? why
      tally.failures.append(
        "sequence \(own): \(last)\n  " + events.map(\.description).joined(separator: "\n  "))
    }
    return tally
  }

  private static func failure<Tested: System>(
    of events: [Event], on system: Tested, atEnd: (inout Tested) throws -> String?
  ) throws -> String? {
    var course = Course(system)
    for event in events {
      if let why = try course.take(event) { return why }
    }
    return try atEnd(&course.system)
  }

  /// Leaves out events, and the pauses before them, while the rest still fails.
  private static func shrink(
    _ events: [Event], _ fails: ([Event]) throws -> Bool
  ) throws -> [Event] {
    var events = events
    var position = events.count - 1
    while position >= 0 {
      var fewer = events
      let dropped = fewer.remove(at: position)
      if try fails(fewer) {
        events = fewer
      } else if position < fewer.count {
        // Its pause may be what matters.
        let next = fewer[position]
        fewer[position] = Event(afterMs: next.afterMs + dropped.afterMs, act: next.act)
        if try fails(fewer) { events = fewer }
      }
      position -= 1
    }
    return events
  }
}

/// One sequence under way.
struct Course<Tested: System> {
  private(set) var oracle = Oracle()
  var system: Tested
  private(set) var events: [Event] = []
  private(set) var tally = Trial.Tally()
  private var now = Team.startMs
  private var standings = [Standing?](repeating: nil, count: Team.slots)

  init(_ system: Tested) {
    self.system = system
    tally.sequences = 1
  }

  /// Takes one event on both sides.
  /// - Returns: what is wrong; nil when nothing is.
  mutating func take(_ event: Event) throws -> String? {
    now += event.afterMs
    events.append(event)
    tally.events += 1
    let before = standings
    let isExpectedRun = mayBegin(event.act)
    let (expected, got) = (oracle.take(event.act, at: now), try system.take(event.act, at: now))
    let after = try system.standings(at: now)
    standings = after
    count(event.act, accepted: got)
    if let change = event.act.begun, got, !isExpectedRun {
      tally.unapprovedRuns += 1
      return "an unapproved run of change \(change)"
    }
    guard got == expected else {
      return "\(event.act) was \(got ? "accepted" : "refused"), against the oracle"
    }
    return try problem(before, after) ?? disagreement(after, event.act, accepted: got)
  }

  /// Whether enough people, or an emergency, stand behind a run that is about to begin.
  private func mayBegin(_ act: Act) -> Bool {
    switch act {
    case .run(let change, let by, _, _):
      oracle.isCovered(change, at: now) || oracle.isExempt(change, by: by, at: now)
    case .resume(let change, let by, _, _):
      oracle.isCovered(change, at: now) || oracle.isExempt(change, by: by, at: now)
    case .clock(let change, _): oracle.isCovered(change, at: now)
    default: true
    }
  }

  private mutating func count(_ act: Act, accepted: Bool) {
    guard accepted else { return }
    switch act {
    case .run(let change, let by, _, _):
      tally.runs += 1
      if oracle.isExempt(change, by: by, at: now), !oracle.isCovered(change, at: now) {
        tally.emergencyRuns += 1
      }
    case .clock: tally.runs += 1
    case .resume: tally.resumptions += 1
    case .find: tally.findings += 1
    default: break
    }
  }

  /// What must hold whatever the oracle thinks.
  private func problem(_ before: [Standing?], _ after: [Standing?]) -> String? {
    for (was, is_) in zip(before, after) where was?.isFinal == true && was != is_ {
      return "a final change went from \(was?.rawValue ?? "") to \(is_?.rawValue ?? "")"
    }
    let held = after.indices.filter { after[$0]?.isRunning == true }.map(oracle.lock)
    return Set(held).count == held.count ? nil : "two changes hold one lock"
  }

  private func disagreement(
    _ after: [Standing?], _ act: Act, accepted: Bool
  ) throws -> String? {
    for change in after.indices {
      let expected = oracle.standing(of: change, at: now)
      guard after[change] == expected else {
        return "change \(change) is \(after[change]?.rawValue ?? "not there"), not "
          + (expected?.rawValue ?? "not there")
      }
    }
    for change in after.indices where after[change] == .pending || after[change] == .approved {
      guard try system.deadline(of: change) == oracle.deadline(of: change) else {
        return "change \(change) ends at another time"
      }
      let expected = oracle.approvals(of: change, at: now)
      let got = try system.approvals(of: change, at: now)
      if case .revise(change, _, _) = act, accepted, got > 0 { return "votes outlived a revision" }
      guard got == expected else {
        return "\(got) approvals of change \(change) count, not \(expected)"
      }
    }
    return nil
  }
}

extension Act {
  /// The change it is about.
  package var change: Int? {
    switch self {
    case .propose(let change, _, _), .revise(let change, _, _), .vote(let change, _, _, _),
      .withdraw(let change, _), .stop(let change, _), .run(let change, _, _, _),
      .clock(let change, _), .answer(let change, _), .look(let change, _, _),
      .resume(let change, _, _, _), .find(let change, _, _):
      change
    default: nil
    }
  }

  /// The change that it begins to run.
  var begun: Int? {
    switch self {
    case .run(let change, _, _, _), .clock(let change, _), .resume(let change, _, _, _): change
    default: nil
    }
  }
}

extension Trial.Tally {
  /// One line for each measure: name, value, target, and whether it is met.
  package func report(_ name: String, seed: UInt64, wanted: Int) -> String {
    func line(_ measure: String, _ value: Int, _ target: String, _ isMet: Bool) -> String {
      "\(name) model: \(measure)\t\(value)\t\(target)\t\(isMet ? "ok" : "short")"
    }
    return [
      line("sequences", sequences, "≥ \(wanted)", sequences >= wanted),
      line("unapproved runs", unapprovedRuns, "0", unapprovedRuns == 0),
      line("disagreements", failures.count, "0", failures.isEmpty),
      "\(name) model: seed \(seed), \(events) events, \(runs) runs, \(emergencyRuns) in an "
        + "emergency, \(resumptions) gone on with, \(findings) findings",
    ].map { $0 + "\n" }.joined()
  }
}
