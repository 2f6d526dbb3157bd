import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Plans what a form asks for from what is live, and shows it. Stores nothing: the plan travels
  /// in the page, sealed.
  func previewChange(_ visit: Visit) async throws -> Response {
    guard let kind = ChangeKind.named(visit.field("kind")) else {
      return try await scaling(problems: [Mistake("Choose what to change.")], visit)
    }
    let person = try visit.person
    do {
      var plan = try await plan(of: kind, visit)
      var problems: [Mistake] = []
      do { plan.terms.runAt = try runAt(of: plan, visit) } catch let wrong as PlanProblem {
        problems = wrong.mistakes
      }
      let bytes = plan.bytes
      let seal = Seal(key: sealKey).code(plan: bytes, person: person.id, at: visit.now)
      return try await preview(plan, bytes: bytes, seal: seal, problems: problems, for: visit)
    } catch let problem as PlanProblem {
      return try await kind.formPage(self)(problem.mistakes, visit)
    }
  }

  /// The plan of what a form asks for.
  /// - Throws: ``PlanProblem`` with why there is none.
  func plan(of kind: ChangeKind, _ visit: Visit) async throws -> Plan {
    let secrets = visit.form.fieldsByName.compactMap { name, value in
      Refusal.secret(in: [value]).map { Mistake($0.sentence, at: name) }
    }
    guard secrets.isEmpty else { throw PlanProblem(secrets) }
    let revised = try await revised(by: visit)
    let asked = Asked(
      change: try revised?.id ?? Hex.encode(outside.randomBytes(16)),
      site: configuration.sites[0], form: visit.form.fieldsByName, person: try visit.person)
    var plan = try await kind.plan(means(at: asked.site), asked)
    plan.terms = try await terms(of: plan, revising: revised, visit)
    return plan
  }

  /// The preview page of a plan.
  func preview(
    _ plan: Plan, bytes: [UInt8], seal: String, problems: [Mistake], for visit: Visit
  ) async throws -> Response {
    let person = try visit.person
    let (house, revised) = try await storage.read { [now = visit.now] db in
      (
        try HouseStore.house(at: now, in: db),
        plan.terms.revision > 1 ? try ChangeStore.find(id: plan.change, in: db) : nil
      )
    }
    let authors = (revised?.editors ?? []).union([person.id]).compactMap(house.person)
    let isTimeWrong = problems.contains { $0.field == "run_at" }
    let asked = visit.form["asked"] == nil ? visit.form.fieldsByName : visit.carried
    let content = PreviewPage(
      plan: plan, planField: Base64URL.encode(bytes), seal: seal,
      digest: ChangeStore.digest(of: bytes), problems: problems,
      approvers: house.eligibleApprovers(besides: authors).map(\.name),
      revises: revised?.number, reason: visit.field("reason"),
      time: isTimeWrong ? visit.form.shown("run_at") : "",
      asked: asked.filter { !isTimeWrong || $0.key != "run_at" },
      policy: house.policy, legend: plan.legend(among: house.people), now: visit.now)
    return page(content, for: visit)
  }

  /// The change that the form edits; nil when it asks for a new one.
  private func revised(by visit: Visit) async throws -> Change? {
    guard let number = Int64(visit.revises) else { return nil }
    let change = try await storage.read { try ChangeStore.find(number, in: $0) }
    guard change.state(at: visit.now).isBeforeRun else {
      throw Refusal.wrongState(change.state(at: visit.now))
    }
    return change
  }

  private func terms(
    of plan: Plan, revising change: Change?, _ visit: Visit
  ) async throws -> Terms {
    let person = try visit.person
    let house = try await storage.read { [now = visit.now] db in
      try HouseStore.house(at: now, in: db)
    }
    let authors = (change?.editors ?? []).union([person.id]).compactMap(house.person)
    return Terms(
      revision: (change?.plan.terms.revision ?? 0) + 1,
      requirement: house.policy.requirement(
        for: plan.guarding, others: house.eligibleApprovers(besides: authors).count))
  }

  /// The time the form names for the clock to run it; nil when it waits for a person.
  private func runAt(of plan: Plan, _ visit: Visit) throws -> Moment? {
    let typed = visit.field("run_at")
    guard !typed.isEmpty else { return nil }
    guard plan.typedName.isEmpty else {
      throw PlanProblem(Refusal.clockTypesNoName.sentence, at: "run_at")
    }
    guard let moment = visit.moment("run_at") else {
      throw PlanProblem(
        "“\(typed)” is no time that the clocks of your zone show. Write it as 2026-11-24T10:05.",
        at: "run_at")
    }
    guard moment > visit.now else {
      throw PlanProblem(Refusal.timeHasPassed(moment).sentence, at: "run_at")
    }
    return moment
  }
}

extension Visit {
  /// The number of the change that a form edits; empty for a new one.
  var revises: String { Int64(field("revises")).map(String.init) ?? "" }

  /// What the form of a kind asked for, as its preview carries it on.
  var carried: [String: String] {
    form["asked"].flatMap { try? Form(query: $0).fieldsByName } ?? [:]
  }
}

extension Form {
  /// The fields by name; a field without a name, or given twice, is left out.
  var fieldsByName: [String: String] {
    Dictionary(
      names.compactMap { name in self[name].map { (name, $0) } }, uniquingKeysWith: { $1 })
  }
}

extension Moment {
  /// Reads `2026-11-24T10:05`, as a browser sends a local date and time; taken to be UTC.
  init?(utcMinutes text: String) {
    guard let date = try? Date(text + ":00Z", strategy: .iso8601) else { return nil }
    self.init(ms: Int64(date.timeIntervalSince1970) * 1_000)
    // A day that no month has, 31 November, is read as one of the next.
    guard isoSeconds == text + ":00Z" else { return nil }
  }
}
