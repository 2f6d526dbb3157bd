import HTTP
import HTTPTypes
import Mustache
import Rules

/// Who can approve, what is frozen, which emergencies there were, who may do what, and the policy.
struct SafetyPage: Page {
  let problems: [Mistake]
  /// The address that what was refused was sent to, and what was typed.
  let sent: String
  let typed: Form
  /// The number of the change that is edited; empty for a new one.
  let revises: String
  let house: House
  /// Whether the log is behind its anchor, so that two people have to accept what is lost.
  let isLogBehind: Bool
  let person: Person

  static let template = "safety/show"
  static let section: Section? = .safety
  var title: String { "Safety" }

  static let fields: [Field<SafetyPage>] = [
    .text("zone", { _ in Zone.ofReader.name }),
    .text("revises", { $0.revises }),
    .flag("freezing", { $0.sent == "/freezes" }),
    .flag("declaring", { $0.sent == "/emergencies" }),
    .text("typedFrom", { $0.typed("from") }), .text("typedTo", { $0.typed("to") }),
    .text("typedReason", { $0.typed("reason") }),
    .text("state", { $0.state }), .flag("logBehind", { $0.isLogBehind }),
    .list("quorum", { page in page.house.quorum.map { QuorumLine($0, in: page.house) } }),
    .list(
      "members",
      { page in
        page.house.people.map { MemberLine($0, on: page) }
      }),
    .list(
      "freezes",
      { page in
        page.house.freezes.map { FreezeLine($0, now: page.house.now) }
      }),
    .flag("anyFreeze", { !$0.house.freezes.isEmpty }),
    .list(
      "emergencies",
      { page in
        page.house.emergencies.map { EmergencyLine($0, on: page) }
      }),
    .flag("anyEmergency", { !$0.house.emergencies.isEmpty }),
    .list(
      "exceptions",
      { page in
        ChangeKind.all.map {
          Choice(
            value: $0.id, label: $0.label, isSelected: page.typed("except-\($0.id)") == "yes")
        }
      }),
    .list("settings", { page in Policy.settings.map { SettingLine($0, on: page) } }),
    .flag("mayFreeze", { $0.person.may(.approve) }), .flag("mayRun", { $0.person.may(.run) }),
    .flag("mayPropose", { $0.person.may(.propose) }),
  ]

  /// What was typed into a form of the page.
  private func typed(_ field: String) -> String {
    problems.isEmpty ? "" : typed.shown(field)
  }

  /// One sentence for the whole.
  private var state: String {
    let quorum = house.quorum
    if let shortfall = house.shortfall(of: quorum) { return shortfall }
    let thin = quorum.contains { $0.approvers.count == 1 }
    return thin
      ? "Every change finds an approver, some only one." : "Every change finds an approver."
  }

  struct QuorumLine: TemplateData {
    let name: String
    let approvers: String
    let others: [Sentence]
    let tag: Tag

    static let fields: [Field<QuorumLine>] = [
      .text("name", { $0.name }), .text("approvers", { $0.approvers }),
      .list("others", { $0.others }), .item("tag", { $0.tag }),
    ]

    init(_ quorum: Quorum, in house: House) {
      name = quorum.requester.name
      approvers = quorum.approvers.map(\.name).listed(", ")
      let whyNot = quorum.others.map { "\($0.person.name) \($0.why.words)" }
      others = whyNot.isEmpty ? [] : [Sentence(text: whyNot.listed("; ") + ".")]
      tag =
        switch quorum.approvers.count {
        case 0: Tag("danger", "Nobody")
        case 1: Tag("attention", "Only one")
        default: Tag("good", "Enough")
        }
    }
  }

  struct MemberLine: TemplateData {
    let number: String
    let name: String
    let role: String
    let since: When
    let accounts: String
    let roles: [Choice]
    let mayChange: Bool

    static let fields: [Field<MemberLine>] = [
      .text("number", { $0.number }), .text("name", { $0.name }), .text("role", { $0.role }),
      .item("when", { $0.since }), .text("accounts", { $0.accounts }),
      .list("roles", { $0.roles }), .flag("mayChange", { $0.mayChange }),
    ]

    init(_ member: Person, on page: SafetyPage) {
      let isTyped = !page.problems.isEmpty && page.typed["person"] == String(member.id)
      number = String(member.id)
      name = member.name
      role = member.role.rawValue + (member.isDisabled ? ", disabled" : "")
      since = When(member.roleSince, now: page.house.now)
      accounts = member.identities.sorted().joined(separator: ", ")
      roles = Role.allCases.map {
        Choice(
          $0.rawValue, $0.rawValue, now: $0 == member.role,
          typed: isTyped ? page.typed["role"] : nil)
      }
      mayChange = page.person.may(.propose) && !member.isDisabled
    }
  }

  struct FreezeLine: TemplateData {
    let number: String
    let words: String
    let reason: String
    let exceptions: String
    let tag: Tag

    static let fields: [Field<FreezeLine>] = [
      .text("number", { $0.number }), .text("words", { $0.words }), .text("reason", { $0.reason }),
      .text("exceptions", { $0.exceptions }), .item("tag", { $0.tag }),
    ]

    init(_ freeze: Freeze, now: Moment) {
      number = String(freeze.number)
      words = "From \(freeze.from.local) until \(freeze.to.local)"
      reason = freeze.reason
      exceptions = freeze.exceptions.compactMap { ChangeKind.named($0)?.label }.sorted()
        .joined(separator: ", ")
      tag = freeze.stands(at: now) ? Tag("attention", "Frozen") : Tag("neutral", "To come")
    }
  }

  struct EmergencyLine: TemplateData {
    let number: String
    let words: String
    let reason: String
    let tag: Tag
    let mayReview: Bool
    /// The review that was typed.
    let note: String

    static let fields: [Field<EmergencyLine>] = [
      .text("note", { $0.note }), .text("number", { $0.number }), .text("words", { $0.words }),
      .text("reason", { $0.reason }),
      .item("tag", { $0.tag }), .flag("mayReview", { $0.mayReview }),
    ]

    init(_ emergency: Emergency, on page: SafetyPage) {
      let house = page.house
      number = String(emergency.number)
      let name = house.person(emergency.personID)?.name ?? "person \(emergency.personID)"
      note =
        page.sent == "/emergencies/\(emergency.number)/review" ? page.typed("note") : ""
      words = "\(name), \(emergency.openedAt.local) until \(emergency.endsAt.local)"
      reason = emergency.reason
      tag =
        emergency.isOpen(at: house.now)
        ? Tag("danger", "Open")
        : emergency.isOverdue(at: house.now)
          ? Tag("danger", "Review overdue") : Tag("attention", "To review")
      mayReview =
        emergency.reviewerID == nil
        && (try? house.checkReview(of: emergency, by: page.person)) != nil
    }
  }

  struct SettingLine: TemplateData {
    let name: String
    let label: String
    let value: String
    let words: String
    let unit: String

    static let fields: [Field<SettingLine>] = [
      .text("name", { $0.name }), .text("label", { $0.label }), .text("value", { $0.value }),
      .text("words", { $0.words }), .text("unit", { $0.unit }),
    ]

    init(_ setting: Policy.Setting, on page: SafetyPage) {
      let number = page.house.policy[keyPath: setting.path]
      let typed = page.typed(setting.name)
      name = setting.name
      label = setting.label
      value = typed.isEmpty ? PolicyChange.form(page.house.policy)[setting.name] ?? "" : typed
      words = PolicyChange.words(setting, number)
      unit = setting.isSpan ? "hours" : ""
    }
  }
}

extension Portal {
  /// Who can approve what, and what stands in the way.
  func showSafety(_ visit: Visit) async throws -> Response {
    try await safety(problems: [], visit)
  }

  /// The safety page, also with why what was posted from it was not done.
  func safety(problems: [Mistake], _ visit: Visit) async throws -> Response {
    let (house, isLogBehind) = try await storage.read { [now = visit.now] db in
      (
        try HouseStore.house(at: now, in: db),
        try AnchorStore.comparison(in: db)?.behind != nil
      )
    }
    return page(
      SafetyPage(
        problems: problems, sent: visit.request.path, typed: visit.form,
        revises: visit.revises, house: house,
        isLogBehind: isLogBehind, person: try visit.person),
      for: visit)
  }
}
