import AWS
import GRDB
import Rules

extension ChangeKind {
  /// Lets in somebody who was noted down.
  static let invitation = membership(
    .invite, label: "Invite a person", about: "Somebody new. A second person agrees to it.")
  /// Keeps somebody out.
  static let disabling = membership(
    .disable, label: "Disable a person",
    about: "Makes things safer, so an administrator does it alone.")
  /// Lets somebody in again.
  static let enabling = membership(
    .enable, label: "Enable a person", about: "Somebody who was disabled may sign in again.")

  private static func membership(
    _ act: Membership.Act, label: String, about: String
  ) -> ChangeKind {
    ChangeKind(
      id: act.rawValue, label: label, about: about, ownPath: "/people",
      formPage: Portal.personAsked,
      plan: { means, asked in
        try Membership.check(asked.person)
        let (record, people) = try await means.storage.read { db in
          (
            try PersonStore.record(Int64(asked.field("person")) ?? 0, in: db),
            try PersonStore.all(in: db)
          )
        }
        guard let record else { throw PlanProblem("Choose a person of the team.") }
        if let why = Membership.obstacle(to: act, of: record, by: asked.person, among: people) {
          throw PlanProblem(why)
        }
        return Membership.plan(act, change: asked.change, site: asked.site.name, record)
      },
      read: { means, plan in
        try await means.storage.read { db in
          try PersonStore.record(RoleChange.person(of: plan), in: db).map(Membership.fields) ?? [:]
        }
      },
      perform: { means, plan, _, _ in
        try await means.storage.write { [now = means.outside.now()] db in
          try Membership.perform(act, plan, at: now, in: db)
        }
        return "Done."
      })
  }
}

/// Who belongs to the team: let in, kept out, let in again. People are named by number: plans are
/// kept for ever, names can be erased.
enum Membership {
  enum Act: String {
    case invite = "people.invite"
    case disable = "people.disable"
    case enable = "people.enable"
  }

  private enum State: String {
    case noted = "noted down"
    case disabled
    case belongs = "belongs to the team"

    init(_ record: PersonRecord) {
      self = record.isNoted ? .noted : record.person.isDisabled ? .disabled : .belongs
    }
  }

  /// Refuses who may not look after people.
  static func check(_ person: Person) throws {
    guard person.may(.lookAfterPeople) else {
      throw PlanProblem(Refusal.notPermitted(.lookAfterPeople).sentence)
    }
  }

  /// Why it can't be done to a person; nil when it can.
  static func obstacle(
    to act: Act, of record: PersonRecord, by person: Person, among people: [Person]
  ) -> String? {
    let name = record.person.name
    guard State(record) == before(act) else {
      return switch act {
      case .invite: "\(name) is in the team already."
      case .disable: "\(name) is disabled already, or was never let in."
      case .enable: "\(name) is not disabled."
      }
    }
    guard act == .disable else { return nil }
    if record.person.id == person.id {
      return "You can't disable yourself. Ask another administrator."
    }
    return people.haveNoAdministrator(without: record.person.id)
      ? record.person.lastAdministratorSentence : nil
  }

  static func plan(_ act: Act, change: String, site: String, _ record: PersonRecord) -> Plan {
    let (number, role) = (String(record.person.id), record.person.role.rawValue)
    let words = words(act, number: number, role: role)
    return Plan(
      change: change, kind: act.rawValue, site: site, title: words,
      guarding: act == .disable ? .logged : .guarded, parameters: ["person": number],
      locks: ["person:\(number)"],
      preconditions: [
        Reading(stateField, "Membership", before(act).rawValue), Reading(roleField, "Role", role),
      ],
      steps: [
        Step(
          service: Step.ownService, operation: operation(act), words: words,
          parameters: ["person": number], recovery: .setTo)
      ],
      expected: [Reading(stateField, "Membership", after(act).rawValue)], failure: [],
      verifyWithinMs: Span.minute, effects: effects(act, record.person.role), cost: .none,
      inverse: Inverse(
        kind: (act == .disable ? Act.enable : Act.disable).rawValue, form: ["person": number]))
  }

  static func fields(_ record: PersonRecord) -> [String: String] {
    [stateField: State(record).rawValue, roleField: record.person.role.rawValue]
  }

  /// Does it, as the requester's doing: who let somebody in is not approved by them for a while.
  static func perform(_ act: Act, _ plan: Plan, at now: Moment, in db: Database) throws {
    guard let change = try ChangeStore.find(id: plan.change, in: db),
      let record = try PersonStore.record(RoleChange.person(of: plan), in: db)
    else { throw NothingDone("The person is not there any more.") }
    let (id, author) = (record.person.id, change.requester)
    guard author.may(.lookAfterPeople) else {
      throw NothingDone("Who proposed it may not look after people any more.")
    }
    if let why = try obstacle(to: act, of: record, by: author, among: PersonStore.all(in: db)) {
      throw NothingDone(why)
    }
    switch act {
    case .invite:
      try PersonStore.letIn(id, by: author.id, at: now, in: db)
      try AuditLog.append(
        .personAdded(person: id, role: record.person.role), by: .person(author), at: now, in: db)
    case .disable:
      try SessionStore.close(of: id, by: .person(author), at: now, in: db)
      try PersonStore.disable(id, at: now, in: db)
      try AuditLog.append(.personDisabled(person: id), by: .person(author), at: now, in: db)
      try ChangeStore.revokeAll(
        of: record.person, why: "Its requester was disabled.", by: .person(author), at: now, in: db)
    case .enable:
      try PersonStore.enable(id, by: author.id, at: now, in: db)
      try AuditLog.append(.personEnabled(person: id), by: .person(author), at: now, in: db)
    }
  }

  private static let stateField = "person.membership"
  private static let roleField = "person.role"

  private static func before(_ act: Act) -> State {
    switch act {
    case .invite: .noted
    case .disable: .belongs
    case .enable: .disabled
    }
  }

  private static func after(_ act: Act) -> State { act == .disable ? .disabled : .belongs }

  private static func operation(_ act: Act) -> String {
    switch act {
    case .invite: "InvitePerson"
    case .disable: "DisablePerson"
    case .enable: "EnablePerson"
    }
  }

  private static func words(_ act: Act, number: String, role: String) -> String {
    switch act {
    case .invite: "Let person \(number) in as \(role)"
    case .disable: "Disable person \(number), who is \(role)"
    case .enable: "Enable person \(number) again, who is \(role)"
    }
  }

  private static func effects(_ act: Act, _ role: Role) -> [String] {
    let may = "They may " + role.permissions.map(\.words).sorted().joined(separator: ", ") + "."
    switch act {
    case .invite:
      return [
        may, "An administrator then gives them a link, good for a day, to choose a password by.",
      ]
    case .disable:
      return [
        "Their sessions end at once, and nobody signs in as them.",
        "What they proposed and nobody has run is stopped, and their approvals do not count.",
      ]
    case .enable:
      return [may, "They sign in with the password they had. Reset it where somebody may know it."]
    }
  }
}

/// Why a step of the portal's own did nothing, in words.
struct NothingDone: CallError {
  let sentence: String
  var effect: AWSError.Effect { .none }
  init(_ sentence: String) { self.sentence = sentence }
}
