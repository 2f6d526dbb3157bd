import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

extension Portal {
  /// Every rule in a sentence, every kind of change, and what would happen to a sample.
  func showGuards(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let house = try await storage.read { [now = visit.now] db in
      try HouseStore.house(at: now, in: db)
    }
    let guarding = Guarding(rawValue: visit.field("guarding")) ?? .guarded
    let requester = Int64(visit.field("by")).flatMap(house.person) ?? person
    return page(
      GuardsPage(
        house: house, guarding: guarding, requester: requester, sites: configuration.sites),
      for: visit)
  }
}

/// The rules, and what they would make of a change.
struct GuardsPage: Page {
  let house: House
  /// How grave the sample is.
  let guarding: Guarding
  /// Who would propose it.
  let requester: Person
  let sites: [Site]

  static let template = "safety/guards"
  static let section: Section? = .safety
  var title: String { "Guards" }

  static let fields: [Field<GuardsPage>] = [
    .list("rules", { $0.house.policy.sentences.map(Sentence.init) }),
    .list("credentials", { $0.sites.map { Sentence(text: $0.credentialsSentence) } }),
    .list("kinds", { _ in ChangeKind.all.map(KindLine.init) }),
    .list(
      "guardings",
      { page in
        Guarding.allCases.map {
          Choice(value: $0.rawValue, label: $0.words, isSelected: $0 == page.guarding)
        }
      }),
    .list(
      "people",
      { page in
        page.house.people.filter { $0.may(.propose) }.map {
          Choice(
            value: String($0.id), label: $0.name, isSelected: $0.id == page.requester.id)
        }
      }),
    .list("outcome", { $0.outcome.map(Sentence.init) }),
  ]

  /// What would happen, one sentence each.
  private var outcome: [String] {
    guard requester.may(.propose) else {
      return ["\(requester.name) can’t propose: the role \(requester.role.rawValue) does not."]
    }
    let approvers = house.eligibleApprovers(besides: [requester])
    let requirement = house.policy.requirement(for: guarding, others: approvers.count)
    return [approval(requirement, by: approvers), rest(requirement), freeze, obstacle]
      .filter { !$0.isEmpty }
  }

  private func approval(_ requirement: Requirement, by approvers: [Person]) -> String {
    let names = approvers.map(\.name).listed(", ")
    guard requirement.approvals > 0 else {
      return "\(requester.name) could run it at once, alone. The log would keep it."
    }
    guard approvers.count >= requirement.approvals else {
      return "It would be refused: it needs \(requirement.approvals), and "
        + (approvers.isEmpty ? "nobody’s approval counts now." : "only \(names) counts now.")
    }
    return "It would wait for \(requirement.approvals) of \(names), at most "
      + "\(Span.words(ms: house.policy.reviewWithinMs))."
  }

  private func rest(_ requirement: Requirement) -> String {
    requirement.coolingOffMs == 0
      ? ""
      : "Then it would rest for \(Span.words(ms: requirement.coolingOffMs)), in which anybody can "
        + "stop it."
  }

  private var freeze: String {
    guard let freeze = house.freezes.first(where: { $0.stands(at: house.now) }) else { return "" }
    return "It would not be run before \(freeze.to.local): “\(freeze.reason)”"
  }

  private var obstacle: String { house.obstacle?.sentence ?? "" }

  struct KindLine: TemplateData {
    let kind: ChangeKind
    static let fields: [Field<KindLine>] = [
      .text("label", { $0.kind.label }), .link("href", { $0.kind.formPath }),
      .text("subject", { $0.kind.subject?.label ?? "Caretaker" }),
      .text("about", { $0.kind.about }),
    ]
  }
}

extension Guarding {
  /// How grave it is, in words.
  var words: String {
    switch self {
    case .logged: "Easily put back"
    case .guarded: "Guarded"
    case .irreversible: "Can’t be put back"
    }
  }
}

extension Site {
  /// With which credentials its changes are made.
  fileprivate var credentialsSentence: String {
    guard let runRole else {
      return "\(name): changes are made with Caretaker’s standing credentials, which may do what "
        + "any change may do. Name a run_role, and each run is allowed its own calls alone."
    }
    return "\(name): each run has a session of its own of the role \(runRole.name), for the calls "
      + "and resources of its plan alone. The standing credentials only read."
  }
}
