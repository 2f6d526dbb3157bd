import HTTP
import Mustache
import Rules

/// Members: what each setting means with SES as it stands, whom mail is from, what was decided.
struct MembersPage: Page {
  let seen: (facts: MemberFacts, at: Moment)?
  /// Why the last reading failed; empty where it did not.
  let failure: String
  let mail: MailStanding?
  let sender: Sender
  let decisions: [MadeDecision]
  let changes: [ChangeSummary]
  let people: [Person]
  let problems: [Mistake]
  let typed: Form
  let person: Person
  let now: Moment

  static let template = "members/index"
  static let section: Section? = .mail
  var title: String { "Members" }

  static let fields: [Field<MembersPage>] = [
    .text("state", { $0.state }),
    .text("failure", { $0.failure }),
    .item("when", { page in page.seen.map { When($0.at, now: page.now) } }),
    .list("meanings", { $0.meanings }), .flag("anyMeaning", { !$0.meanings.isEmpty }),
    .item("sender", { $0.sender }),
    .text("decided", { $0.decided }), .text("because", { $0.decisions.first?.reason ?? "" }),
    .link("settings", { $0.settings }), .flag("leads", { $0.leads }),
    .list("choices", { $0.choices }), .list("owners", { $0.owners }),
    .text("reason", { $0.problems.isEmpty ? "" : $0.typed.shown("reason") }),
    .text("change", { $0.problems.isEmpty ? "" : $0.typed.shown("change") }),
    .flag("open", { $0.decisions.isEmpty }),
    .list("history", { $0.history }), .flag("anyHistory", { !$0.history.isEmpty }),
    .flag("granted", { $0.mail == .granted }),
    .list(
      "back",
      { page in
        MemberReturn.steps(
          for: page.seen?.facts, choice: page.decisions.first?.decision.choice
        ).map(Sentence.init)
      }),
    .link(
      "opening",
      { _ in Self.path([MemberSetting.access.key: "all", MemberSetting.button.key: "on"]) }),
    .flag("mayOpen", { $0.person.may(.propose) && $0.seen?.facts.isOpen == false }),
    .link("form", { _ in Self.path([:]) }),
    .flag("mayPropose", { $0.person.may(.propose) }),
  ]

  /// The form of the change, filled in.
  static func path(_ form: [String: String]) -> String {
    "/changes/new?" + query(form.merging(["kind": MemberChange.kind]) { own, _ in own })
  }

  private var state: String {
    guard let seen else { return "Ghost’s settings have not been read yet." }
    let access = seen.facts.access.map { "Sign-up is for \($0.words)" } ?? "Sign-up is not told"
    return switch mail {
    case nil: access + ". How SES stands is not known."
    case .granted?: access + ", and SES mails anybody."
    default: access + ", and SES is in the sandbox."
    }
  }

  private var meanings: [MeaningLine] {
    seen.map { MemberMeaning.all(of: $0.facts, mail: mail).map(MeaningLine.init) } ?? []
  }

  private var decided: String {
    guard let last = decisions.first else { return "" }
    return "\(last.decision.choice.label). \(last.decision.owner) answers for it."
  }

  private var settings: String { Self.path(decisions.first?.decision.choice.form ?? [:]) }

  /// Whether the decision leads to a change of settings.
  private var leads: Bool {
    guard let last = decisions.first, last.decision.choice.form != nil else { return false }
    let isDone =
      last.decision.choice == .disable && seen?.facts.isOpen == false
      && seen?.facts.showsButton == false
    return person.may(.propose) && last.change == nil && !isDone
  }

  private var choices: [ChoiceLine] {
    MemberDecision.Choice.allCases.map {
      ChoiceLine(choice: $0, isSelected: typed["choice"] == $0.rawValue)
    }
  }

  private var owners: [Choice] {
    let chosen = typed["owner"].flatMap { Int64($0) } ?? person.id
    return people.map {
      Choice(value: String($0.id), label: $0.name, isSelected: $0.id == chosen)
    }
  }

  private var history: [HistoryLine] {
    let made = decisions.map { made in
      HistoryLine(
        made.madeAt, "Decided: \(made.decision.choice.label.lowercased())",
        text: "\(made.decision.owner) answers for it. \(made.reason)"
          + (made.change.map { " Carried out by CR-\($0)." } ?? ""),
        who: made.personName, href: made.change.map { "/changes/\($0)" } ?? "", now: now)
    }
    let set = changes.map {
      HistoryLine(
        $0.at, "CR-\($0.number): \($0.title)", text: $0.state.words, who: "",
        href: "/changes/\($0.number)", now: now)
    }
    return (made + set).sorted { $0.at > $1.at }
  }

  /// One setting with what it means.
  struct MeaningLine: TemplateData {
    let meaning: MemberMeaning

    static let fields: [Field<MeaningLine>] = [
      .text("label", { $0.meaning.label }), .text("key", { $0.meaning.key }),
      .text("value", { $0.meaning.value }), .text("meaning", { $0.meaning.meaning }),
      .item("tag", { Tag($0.meaning.health) }),
      .flag("judged", { $0.meaning.health != .good }),
    ]
  }

  /// One of the choices.
  struct ChoiceLine: TemplateData {
    let choice: MemberDecision.Choice
    let isSelected: Bool

    static let fields: [Field<ChoiceLine>] = [
      .text("value", { $0.choice.rawValue }), .text("label", { $0.choice.label }),
      .text("words", { $0.choice.words }), .flag("selected", { $0.isSelected }),
    ]
  }
}
