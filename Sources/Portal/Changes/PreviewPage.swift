import HTTP
import Mustache
import Rules

/// A plan before it is proposed: what would happen and what it costs. Nothing has been done.
struct PreviewPage: Page {
  let plan: Plan
  let planField: String
  let seal: String
  let digest: String
  let problems: [Mistake]
  let approvers: [String]
  /// The change it would edit; nil for a new one.
  let revises: Int64?
  let reason: String
  /// The time to run it that was typed and can't be taken.
  let time: String
  /// What was asked for, to ask again with a time to run.
  let asked: [String: String]
  let policy: Policy
  /// Who the plan's “person 4” is.
  let legend: String
  let now: Moment

  static let template = "changes/preview"
  static let section: Section? = .changes
  var title: String { "Check the change" }

  static let fields: [Field<PreviewPage>] = [
    .text("planTitle", { $0.plan.title }), .list("diff", { DiffLine.lines(of: $0.plan) }),
    .list("steps", { StepLine.lines(of: $0.plan) }),
    .list("effects", { $0.plan.effects.map(Sentence.init) }),
    .item("cost", { CostTable.of($0.plan, at: $0.now) }), .text("plan", { $0.planField }),
    .text("seal", { $0.seal }), .item("digest", { Cut($0.digest) }),
    .text("legend", { $0.legend }), .text("reason", { $0.reason }), .text("time", { $0.time }),
    .text("terms", { $0.terms }), .flag("possible", { $0.isPossible }),
    .text("revises", { $0.revises.map { "CR-\($0)" } ?? "" }),
    .text("draft", { $0.asked["draft"] ?? "" }), .text("asked", { query($0.asked) }),
    .list("again", { $0.again }), .text("zone", { _ in Zone.ofReader.name }),
    .text("typedName", { $0.plan.typedName }), .text("runAt", { $0.plan.terms.runAt?.local ?? "" }),
  ]

  private var isPossible: Bool { approvers.count >= plan.terms.requirement.approvals }

  /// Who has to agree, and what happens then.
  private var terms: String {
    let needed = plan.terms.requirement.approvals
    let names = approvers.listed(" or ")
    guard needed > 0 else {
      let runner = plan.terms.runAt == nil ? "You run it yourself" : "The clock runs it"
      return "It is easily put back, so it needs no approval. \(runner), and it is in the log."
    }
    guard isPossible else {
      return "It needs \(needed == 1 ? "one other person" : "\(needed) other people") who can "
        + "approve it, and the team has too few. Safety says who is missing."
    }
    let rest = plan.terms.requirement.coolingOffMs
    return (needed == 1 ? "\(names) can approve it" : "\(needed) of \(names) have to approve it")
      + ", within \(Span.words(ms: policy.reviewWithinMs))."
      + (rest > 0
        ? " Then it rests for \(Span.words(ms: rest)), in which anybody can stop it." : "")
      + (plan.terms.runAt == nil
        ? " It runs when somebody presses Run after that."
        : " The clock runs it, if nothing has moved by then.")
  }

  /// What was asked for, without the time.
  private var again: [Choice] {
    asked.filter { !["run_at", Zone.field].contains($0.key) }.sorted { $0.key < $1.key }
      .map { Choice(value: $0.value, label: $0.key, isSelected: false) }
  }
}
