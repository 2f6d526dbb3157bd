import GRDB
import Rules

extension ChangeKind {
  /// The role of a person.
  static let role = ChangeKind(
    id: "person.role", label: "Role of a person",
    about: "What somebody may do. A new role approves after a while.", ownPath: "/safety",
    formPage: Portal.safety,
    plan: { means, asked in
      let people = try await means.storage.read { try PersonStore.all(in: $0) }
      guard let number = Int64(asked.field("person")),
        let person = people.first(where: { $0.id == number })
      else { throw PlanProblem("Choose a person of the team.") }
      guard let role = Role(rawValue: asked.field("role")) else {
        throw PlanProblem("Choose a role of the list.", at: RoleChange.field(number))
      }
      if role != .administrator, people.haveNoAdministrator(without: number) {
        throw PlanProblem(person.lastAdministratorSentence, at: RoleChange.field(number))
      }
      return try RoleChange.plan(change: asked.change, site: asked.site.name, person, to: role)
    },
    read: { means, plan in
      let number = RoleChange.person(of: plan)
      return try await means.storage.read { db in
        try PersonStore.find(number, in: db).map(RoleChange.fields) ?? [:]
      }
    },
    perform: { means, plan, _, _ in
      try await means.storage.write { [now = means.outside.now()] db in
        try RoleChange.perform(plan, at: now, in: db)
      }
      return "The role is set."
    })
}

/// Plans another role for a person. People are named by number: plans are kept for ever, names
/// can be erased.
enum RoleChange {
  /// The id of the field for a person's role on the page of safety.
  static func field(_ person: Int64) -> String { "role-\(person)" }

  /// The plan, or why there is none.
  static func plan(change: String, site: String, _ person: Person, to role: Role) throws -> Plan {
    let field = field(person.id)
    guard !person.isDisabled else { throw PlanProblem("\(person.name) is disabled.", at: field) }
    guard person.role != role else {
      throw PlanProblem(
        "\(person.name) is \(role.rawValue) already. Choose another role.", at: field)
    }
    let number = String(person.id)
    return Plan(
      change: change, kind: ChangeKind.role.id, site: site,
      title: "Make person \(number) \(role.rawValue) instead of \(person.role.rawValue)",
      guarding: .guarded, parameters: ["person": number, "role": role.rawValue],
      locks: ["person:\(number)"],
      preconditions: fields(person).sorted { $0.key < $1.key }.map {
        Reading($0.key, label($0.key), $0.value)
      },
      steps: [
        Step(
          service: Step.ownService, operation: "SetRole",
          words: "Give person \(number) the role \(role.rawValue)",
          parameters: ["person": number, "role": role.rawValue], recovery: .setTo)
      ],
      expected: [Reading(roleField, label(roleField), role.rawValue)], failure: [],
      verifyWithinMs: Span.minute, effects: effects(of: role, after: person.role), cost: .none,
      inverse: Inverse(
        kind: ChangeKind.role.id, form: ["person": number, "role": person.role.rawValue]))
  }

  private static let roleField = "person.role"
  private static let disabledField = "person.disabled"

  static func fields(_ person: Person) -> [String: String] {
    [roleField: person.role.rawValue, disabledField: person.isDisabled ? "yes" : "no"]
  }

  static func person(of plan: Plan) -> Int64 {
    plan.parameters["person"].flatMap { Int64($0) } ?? 0
  }

  /// Sets the role and writes it to the log as the requester's doing, whose approver the person
  /// can't be for a while.
  static func perform(_ plan: Plan, at now: Moment, in db: Database) throws {
    guard let change = try ChangeStore.find(id: plan.change, in: db),
      let role = plan.parameters["role"].flatMap(Role.init),
      let person = try PersonStore.find(person(of: plan), in: db)
    else { throw PlanProblem("The person, or the change, is not there any more.") }
    if role != .administrator,
      try PersonStore.all(in: db).haveNoAdministrator(without: person.id)
    {
      throw NothingDone(person.lastAdministratorSentence)
    }
    try PersonStore.setRole(person.id, to: role, by: change.requester.id, at: now, in: db)
    try AuditLog.append(
      .roleChanged(person: person.id, from: person.role, to: role),
      by: .person(change.requester), at: now, in: db)
    // They sign in as what they are now.
    try SessionStore.close(of: person.id, by: .person(change.requester), at: now, in: db)
  }

  private static func label(_ field: String) -> String {
    field == roleField ? "Role" : "Disabled"
  }

  private static func effects(of role: Role, after before: Role) -> [String] {
    let may = role.permissions.subtracting(before.permissions).map(\.words).sorted()
    let mayNot = before.permissions.subtracting(role.permissions).map(\.words).sorted()
    var effects: [String] = []
    if !may.isEmpty { effects.append("From then on they may " + may.joined(separator: ", ") + ".") }
    if !mayNot.isEmpty {
      effects.append("They may no longer " + mayNot.joined(separator: ", ") + ".")
    }
    if role.permissions.contains(.approve), !before.permissions.contains(.approve) {
      effects.append(
        "Their approvals count once the role has its age, and for the requester's own changes "
          + "later still. Safety says when.")
    }
    return effects
  }
}
