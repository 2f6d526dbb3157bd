import HTTP
import Mustache
import Rules

/// One of what is left to do.
struct TodoPage: Page {
  let todo: Todo
  let found: FindingLine?
  /// How the last restore drill stands, where that is what it is about.
  let drill: RestoreDrillStanding?
  let steps: [String]
  let draft: Draft?
  let changes: [ChangeSummary]
  let turns: [Turn]
  let people: [Person]
  let typed: Form
  let refused: TodoProblem?
  let person: Person
  let now: Moment

  static let template = "todos/show"
  static let section: Section? = .todos
  var title: String { todo.title }
  var problems: [Mistake] { refused?.mistakes ?? [] }

  static let fields: [Field<TodoPage>] =
    [
      .text("heading", { $0.todo.title }), .text("state", { $0.state }),
      .item("tag", { Tag($0.todo, at: $0.now) }),
      .flag("born", { $0.todo.source != nil && $0.drill == nil }), .item("finding", { $0.found }),
      .item("drill", { $0.drill.map(DrillLine.init) }),
      .list("steps", { $0.steps.map(StepLine.init) }), .flag("anyStep", { !$0.steps.isEmpty }),
      .list("drafts", { $0.draft.map { [Link(href: $0.path, words: $0.title)] } ?? [] }),
      .list("changes", { $0.changes.map(ChangeLine.init) }),
      .flag("anyChange", { !$0.changes.isEmpty }), .list("turns", { $0.turns }),
    ] + forms

  /// What the forms are made of.
  private static let forms: [Field<TodoPage>] = [
    .link("base", { $0.todo.path }),
    .flag("mayChange", { $0.person.may(.propose) }),
    .flag(
      "mayPlan", { $0.person.may(.propose) && $0.offers(.owner, .due, .snooze, if: $0.todo.isOpen) }
    ),
    .flag("mayClose", { $0.person.may(.run) && $0.offers(.end, if: $0.todo.isOpen) }),
    .flag("mayReopen", { $0.person.may(.run) && $0.offers(.reopening, if: !$0.todo.isOpen) }),
    .flag("snoozed", { $0.todo.isSnoozed(at: $0.now) }),
    .list("owners", { $0.owners }), .text("due", { $0.due }),
    .text("note", { $0.typed("note", in: .note) }),
    .text("until", { $0.typed("until", in: .snooze) }),
    .text("reason", { $0.typed("reason", in: .snooze) }),
    .text("closing", { $0.typed("note", in: .end) }),
    .text("reopening", { $0.typed("note", in: .reopening) }),
    .flag("held", { $0.isHeld }),
    .flag("closable", { $0.offers(.end, if: !$0.isHeld) }),
  ]

  /// Whether forms are there. One that was sent comes back with what was typed, also where somebody
  /// else was quicker.
  private func offers(_ acts: TodoProblem.Act..., if fits: Bool) -> Bool {
    fits || acts.contains { $0 == refused?.act }
  }

  /// What was typed into a form that could not be taken.
  private func typed(_ name: String, in act: TodoProblem.Act) -> String {
    refused?.act == act ? typed[name] ?? "" : ""
  }

  /// Whether evidence keeps it open.
  private var isHeld: Bool {
    if let drill { return drill.health != .good }
    return found.map {
      TodoEvidence.staysOpen($0.stored.finding, isAccepted: $0.stored.acceptance != nil)
    } ?? false
  }

  private var due: String {
    refused?.act == .due ? typed["day"] ?? "" : todo.due?.iso ?? ""
  }

  /// Everybody who can have it, and whoever has it.
  private var owners: [Choice] {
    let chosen =
      refused?.act == .owner ? typed["owner"] ?? "" : todo.owner.map { String($0.id) } ?? ""
    let able = people.filter { !$0.isDisabled || $0.id == todo.owner?.id }
    return [Choice(value: "", label: "Nobody", isSelected: chosen.isEmpty)]
      + able.map {
        Choice(value: String($0.id), label: $0.name, isSelected: String($0.id) == chosen)
      }
  }

  /// How it stands, in a sentence or two.
  private var state: String {
    if let closedAt = todo.closedAt {
      let note = todo.closingNote.isEmpty ? "." : ": \(todo.closingNote)"
      return "Done \(When(closedAt, now: now).relative)\(note)"
    }
    if let snooze = todo.snooze, todo.isSnoozed(at: now) {
      return "Out of sight until \(snooze.until.iso): \(snooze.reason)"
    }
    let due =
      todo.due.map { ($0 < Day(now) ? "It was due on " : "Due on ") + $0.iso + "." }
      ?? "It has no due date."
    let owner = todo.owner.map { "\($0.name) has it." } ?? "Nobody has it yet."
    let again =
      todo.timesReopened == 0 ? "" : " Opened again \(count(todo.timesReopened, "time"))."
    return "\(due) \(owner)\(again)"
  }

  /// What to do, word by word: a line does not break within an option of a command.
  struct StepLine: TemplateData {
    let step: String
    static let fields: [Field<StepLine>] = [
      .list("words", { $0.step.split(separator: " ").map { Word(text: String($0)) } })
    ]

    struct Word: TemplateData {
      let text: String
      static let fields: [Field<Word>] = [
        .text("word", { $0.text }), .flag("option", { $0.text.hasPrefix("--") }),
      ]
    }
  }

  /// How the last restore drill stands.
  struct DrillLine: TemplateData {
    let standing: RestoreDrillStanding
    static let fields: [Field<DrillLine>] = [
      .item("tag", { Tag($0.standing.health) }), .text("state", { $0.standing.sentence }),
    ]
  }

  /// A way to something else.
  struct Link: TemplateData {
    let href: String
    let words: String
    static let fields: [Field<Link>] = [.link("href", { $0.href }), .text("words", { $0.words })]
  }

  /// A change that has to do with it.
  struct ChangeLine: TemplateData {
    let change: ChangeSummary
    static let fields: [Field<ChangeLine>] = [
      .link("href", { "/changes/\($0.change.number)" }),
      .text("words", { "CR-\($0.change.number): \($0.change.title)" }),
      .item("tag", { Tag($0.change.state) }),
    ]
  }

  /// One thing that happened.
  struct Turn: TemplateData {
    let turn: TodoHistory.Turn
    let when: When

    static let fields: [Field<Turn>] = [
      .text("tone", { $0.tone }), .text("actor", { $0.turn.actor ?? "Caretaker" }),
      .text("words", { $0.turn.words }), .item("when", { $0.when }),
    ]

    private var tone: String {
      switch turn.kind {
      case .opened, .reopened: "attention"
      case .closed: "good"
      case .owner, .due, .snoozed, .woken, .note: "neutral"
      }
    }
  }
}
