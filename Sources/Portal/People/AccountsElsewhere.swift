import GRDB
import HTTP
import Rules

extension Portal {
  /// Notes that a person holds an account elsewhere. It makes things safer: two who share one never
  /// approve what the other wrote.
  func linkAccount(_ visit: Visit) async throws -> Response {
    let (person, number) = (try visit.person, try visit.number("person"))
    return try await tending(number, visit, act: "link an account") {
      let account = try Accounts.account(visit.field("account"))
      // It opens the door: whoever could link one to somebody else could sign in as them.
      guard Accounts.openIDAccount(account) == nil else {
        throw AccountProblem(
          "An account at an OpenID provider signs in as \(number) once it is linked. Whoever runs "
            + "this server links it, with caretaker user link. Nothing was changed.",
          at: "account")
      }
      try await self.storage.write { [now = visit.now] db in
        guard try PersonStore.find(number, in: db) != nil else { throw Failure.notFound }
        try PersonStore.link(number, account: account, at: now, in: db)
        try AuditLog.append(
          .personLinked(
            person: number, sameAs: PersonStore.others(sharingWith: number, in: db)),
          by: .person(person), at: now, in: db)
      }
      return .seeOther("/people/\(number)", saying: .accountLinked)
    }
  }
}

extension ChangeKind {
  /// Takes an account elsewhere from a person, so that what it kept apart may come together.
  static let unlinking = ChangeKind(
    id: "people.unlink", label: "Take a linked account away",
    about: "Two accounts of one human may then approve each other's changes.", ownPath: "/people",
    formPage: Portal.personAsked,
    plan: { means, asked in
      try Membership.check(asked.person)
      let record = try await means.storage.read { db in
        try PersonStore.record(Int64(asked.field("person")) ?? 0, in: db)
      }
      guard let record,
        let account = record.accounts.first(where: { String($0.number) == asked.field("account") })
      else { throw PlanProblem("That account is not linked any more.") }
      return Unlinking.plan(change: asked.change, site: asked.site.name, record.person, account)
    },
    read: { means, plan in
      try await means.storage.read { db in
        let record = try PersonStore.record(RoleChange.person(of: plan), in: db)
        return Unlinking.fields(record?.accounts.first { $0.number == Unlinking.number(of: plan) })
      }
    },
    perform: { means, plan, _, _ in
      try await means.storage.write { [now = means.outside.now()] db in
        try Unlinking.perform(plan, at: now, in: db)
      }
      return "The account is not linked any more."
    })
}

/// Plans taking an account elsewhere from a person. The account is named by number: plans are kept
/// for ever, and it tells who somebody is.
enum Unlinking {
  static func plan(
    change: String, site: String, _ person: Person, _ account: PersonRecord.LinkedAccount
  ) -> Plan {
    let parameters = ["person": String(person.id), "account": String(account.number)]
    let title =
      "Take account \(account.number), at \(account.place), from person \(person.id)"
    return Plan(
      change: change, kind: ChangeKind.unlinking.id, site: site, title: title, guarding: .guarded,
      parameters: parameters, locks: ["person:\(person.id)"],
      preconditions: fields(account).sorted { $0.key < $1.key }.map {
        Reading($0.key, "Account \(account.number)", $0.value)
      },
      steps: [
        Step(
          service: Step.ownService, operation: "UnlinkAccount", words: title,
          parameters: parameters, recovery: .setTo)
      ],
      expected: [Reading(field, "Account \(account.number)", "not linked")], failure: [],
      verifyWithinMs: Span.minute,
      effects: [
        "Who shares only this account with them counts as another human from then on, and each may "
          + "approve what the other proposes."
      ] + (account.place == OpenIDSettings.accountKind ? [comeBack] : []), cost: .none)
  }

  private static let comeBack =
    "Their sessions end. Who signs in with it again comes in as somebody new, if their groups "
    + "there still have a role here."

  private static let field = "identity"

  static func fields(_ account: PersonRecord.LinkedAccount?) -> [String: String] {
    [field: account.map { "\($0.place), linked \($0.linkedAt.words)" } ?? "not linked"]
  }

  static func number(of plan: Plan) -> Int64 {
    plan.parameters["account"].flatMap { Int64($0) } ?? 0
  }

  static func perform(_ plan: Plan, at now: Moment, in db: Database) throws {
    guard let change = try ChangeStore.find(id: plan.change, in: db),
      let record = try PersonStore.record(RoleChange.person(of: plan), in: db),
      let linked = record.accounts.first(where: { $0.number == number(of: plan) })
    else { throw NothingDone("That account is not linked any more.") }
    guard change.requester.may(.lookAfterPeople) else {
      throw NothingDone("Who proposed it may not look after people any more.")
    }
    let id = record.person.id
    if try PersonStore.signsInElsewhere(id, in: db),
      try PersonStore.all(in: db).haveNoAdministrator(without: id)
    {
      throw NothingDone(record.person.lastAdministratorSentence)
    }
    try PersonStore.unlink(id, account: linked.account, in: db)
    try AuditLog.append(
      .personUnlinked(person: id, sameAs: PersonStore.others(sharingWith: id, in: db)),
      by: .person(change.requester), at: now, in: db)
  }
}
