import Rules

/// People, a plan and a change to decide about.
enum Samples {
  static let ana = Person(id: 1, login: "ana", name: "Ana Requester", role: .operator_)
  static let ben = Person(id: 2, login: "ben", name: "Ben Approver", role: .approver)
  static let cleo = Person(id: 3, login: "cleo", name: "Cleo Admin", role: .administrator)
  static let vera = Person(id: 4, login: "vera", name: "Vera Viewer", role: .viewer)
  static let team = [ana, ben, cleo, vera]

  static func house(
    people: [Person] = team, policy: Policy = .standard, freezes: [Freeze] = [],
    emergencies: [Emergency] = [], obstacle: Refusal? = nil, at now: Moment = noon
  ) -> House {
    House(
      people: people, policy: policy, freezes: freezes, emergencies: emergencies,
      obstacle: obstacle, now: now)
  }

  static let noon = Moment(ms: 1_795_348_800_000)

  static func rate(_ nanoDollars: Int64) -> Rate? { Rate(nanoDollars: nanoDollars) }

  static func cost(afterNano: Int64? = 40_480_000) -> Cost {
    Cost(
      lines: [
        CostLine(
          label: "Fargate vCPU", unit: "vCPU-hour", rateBefore: rate(40_480_000),
          rateAfter: afterNano.flatMap(rate), milliUnitsBefore: 250, milliUnitsAfter: 500)
      ],
      priceDate: "2026-10-06", source: "AWS Price List", leftOut: ["Traffic."])
  }

  static let parameters = ["count": "2", "DBInstanceClass": "x"]

  static func plan(
    kind: String = "ecs.count", title: String = "Scale Ghost from 1 task to 2 tasks",
    guarding: Guarding = .guarded, parameters: [String: String] = parameters,
    cost: Cost = cost(), recovery: Step.Recovery = .setTo, restoresService: Bool = false,
    typedName: String = "", backup: Backup? = nil, terms: Terms = terms()
  ) -> Plan {
    Plan(
      change: String(repeating: "a", count: 32), kind: kind, site: "blog", title: title,
      guarding: guarding, parameters: parameters,
      locks: ["ecs:cluster/service"],
      preconditions: [Reading("service.desired", "Desired tasks", "1")],
      steps: [
        Step(
          service: "ecs", operation: "UpdateService", words: "Run 2 tasks",
          parameters: ["desiredCount": "2"], recovery: recovery)
      ],
      expected: [Reading("service.desired", "Desired tasks", "2")],
      failure: [Reading("service.rollout", "Deployment", "FAILED")],
      verifyWithinMs: 60_000, effects: ["“Quotes” \u{1F600} and \\ survive."], cost: cost,
      restoresService: restoresService, typedName: typedName, backup: backup,
      inverse: Inverse(kind: "ecs.count", form: ["count": "1"]), terms: terms)
  }

  static func terms(
    revision: Int64 = 1, approvals: Int64 = 1, coolingOffMs: Int64 = 0, runAt: Moment? = nil
  ) -> Terms {
    Terms(
      revision: revision,
      requirement: Requirement(approvals: approvals, coolingOffMs: coolingOffMs), runAt: runAt)
  }

  static let digest = String(repeating: "d", count: 64)

  static func change(
    state: ChangeState = .pending, votes: [Vote] = [], runFrom: Moment? = nil,
    runBy: Moment? = nil, plan: Plan = plan(), editors: Set<Int64> = []
  ) -> Change {
    Change(
      id: plan.change, number: 12, plan: plan, digest: digest, storedState: state, version: 1,
      requester: ana, editors: editors, reason: "Sunday's newsletter", proposedAt: noon,
      reviewBy: noon.adding(ms: Policy.standard.reviewWithinMs),
      runFrom: runFrom ?? runBy.map { _ in noon },
      runBy: runBy, votes: votes)
  }

  static func approval(by person: Person, of digest: String = digest) -> Vote {
    Vote(personID: person.id, digest: digest, decision: .approve, at: noon)
  }

  static func approved(
    _ plan: Plan = plan(), by approvers: [Person] = [ben], runFrom: Moment = noon
  ) -> Change {
    change(
      state: .approved, votes: approvers.map { approval(by: $0) }, runFrom: runFrom,
      runBy: runFrom.adding(ms: Policy.standard.runWithinMs), plan: plan)
  }

  static func preflight(
    _ readings: [String: String] = ["service.desired": "1"], cost: Cost? = cost()
  ) -> Preflight {
    Preflight(readings: readings, cost: cost, readAt: noon)
  }
}
