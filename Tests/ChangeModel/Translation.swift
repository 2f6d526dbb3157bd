package import Rules

/// The model's words in the words of `Rules`, for what is tested. The oracle imports nothing.
extension Rank {
  package var role: Role { Role(rawValue: rawValue) ?? .viewer }
}

extension Setting {
  package var path: any WritableKeyPath<Policy, Int64> & Sendable {
    switch self {
    case .guardedApprovals: \.guardedApprovals
    case .irreversibleApprovals: \.irreversibleApprovals
    case .coolingOff: \.coolingOffMs
    case .reviewWithin: \.reviewWithinMs
    case .runWithin: \.runWithinMs
    case .runIrreversibleWithin: \.runIrreversibleWithinMs
    case .roleAge: \.roleAgeMs
    case .tie: \.tieMs
    }
  }
}

extension Weight {
  package var guarding: Guarding {
    switch self {
    case .logged: .logged
    case .guarded: .guarded
    case .irreversible: .irreversible
    }
  }
}

extension Draft {
  /// The plan of the change in a slot. Each slot has its kind, so that a freeze can spare one.
  package func plan(_ slot: Int, revision: Int64) -> Plan {
    Plan(
      change: Self.ids[slot], kind: "kind.\(slot)", site: "blog", title: "Change \(slot)",
      guarding: weight.guarding, parameters: [:], locks: ["lock:\(lock)"],
      preconditions: [Reading("field", "Field", "before")], steps: repeatable.map(step),
      expected: [Reading("field", "Field", "after")],
      failure: [Reading("field", "Field", "failed")], verifyWithinMs: 60_000, effects: [],
      cost: (isPriced ? Recheck.Price.same : .unknown).cost,
      restoresService: restoresService, typedName: namesLoss ? "ghost-db" : "",
      backup: needsBackup ? Backup(words: "the database", ageMsMax: 24 * Span.hour) : nil,
      terms: Terms(
        revision: revision,
        requirement: Requirement(approvals: approvals, coolingOffMs: coolingOffMs),
        runAt: runsAt.map(Moment.init(ms:))))
  }

  private static let ids = (0..<Team.slots).map { String(repeating: "\($0)", count: 32) }

  private func step(_ isRepeatable: Bool) -> Step {
    Step(
      service: isOwn ? Step.ownService : "ecs", operation: "Do", words: "Do it", parameters: [:],
      recovery: isRepeatable ? .setTo : .oneShot)
  }
}

extension Recheck {
  package func preflight(_ now: Moment) -> Preflight {
    let readings: [String: String] =
      switch state {
      case .same: ["field": "before"]
      case .moved: ["field": "elsewhere"]
      case .unreadable: [:]
      }
    return Preflight(
      readings: readings, cost: price.cost,
      restorableTo: backupAgeMs.map { now.adding(ms: -$0) }, readAt: now.adding(ms: -ageMs))
  }
}

extension Recheck.Price {
  /// Nothing as approved; then exactly $5 a month, the first micro-dollar more, and not known.
  var cost: Cost {
    let nanoDollars: Int64? =
      switch self {
      case .same: 0
      case .atLimit: 6_849_315
      case .overLimit: 6_849_316
      case .unknown: nil
      }
    return Cost(
      lines: [
        CostLine(
          label: "Line", unit: "hour", rateBefore: Rate(nanoDollars: 0),
          rateAfter: nanoDollars.flatMap(Rate.init), milliUnitsBefore: 0, milliUnitsAfter: 1_000)
      ],
      priceDate: "2026-10-06", source: "AWS Price List", leftOut: [])
  }
}

extension Sight {
  package var readings: [String: String]? {
    switch self {
    case .expected: ["field": "after"]
    case .failure: ["field": "failed"]
    case .asBefore: ["field": "before"]
    case .unreadable: nil
    }
  }
}

extension Change {
  /// Until when it can be approved, or run, as it is stored.
  package var deadline: Int64? {
    switch storedState {
    case .pending: reviewBy.ms
    case .approved: runBy?.ms
    default: nil
    }
  }
}
