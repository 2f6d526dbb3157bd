import HTTP
import Mustache
import Rules

/// One change: what will happen, the decision, the plan, the cost, the story.
struct ChangePage: Page {
  let view: ChangeView
  let problems: [Mistake]
  /// What was typed into the form that was sent, and whether that was the one that stops it.
  let typed: Form
  let isStop: Bool

  static let template = "changes/show"
  static let section: Section? = .changes
  private func typed(_ name: String) -> String { problems.isEmpty ? "" : typed.shown(name) }

  var title: String {
    "CR-\(view.change.number): \(view.change.plan.title)"
  }
  var following: String? { view.isMoving ? "/changes/\(view.change.number)" : nil }

  static let fields: [Field<ChangePage>] = [
    .text("approvals", { $0.view.approvals }), .list("uncounted", { $0.view.uncounted }),
    .text("cannot", { $0.view.cannot }),
    .flag("guarded", { $0.view.change.plan.guarding != .logged }),
    .text("typedName", { $0.view.change.plan.typedName }),
    .text("runAt", { $0.view.runAt }), .text("missedRunAt", { $0.view.missedRunAt }),
    .text("hurry", { $0.view.hurry }),
    .text("restsUntil", { $0.view.restsUntil }), .text("runWithin", { $0.view.runWithin }),
    .text("frozen", { $0.view.frozen }), .text("emergency", { $0.view.emergency }),
    .flag("mayEdit", { $0.view.mayEdit }), .flag("mayStop", { $0.view.mayStop }),
    .flag("mayTakeBack", { $0.view.mayTakeBack }), .flag("mayResume", { $0.view.mayResume }),
    .flag("mayDraft", { $0.view.mayDraft }), .flag("mayAskAgain", { $0.view.mayAskAgain }),
    .link("again", { $0.view.againPath }),
    .link("edit", { $0.view.editPath }), .text("terms", { $0.view.terms }),
    .list("todos", { $0.view.todos.map { TodoPage.Link(href: $0.path, words: $0.title) } }),
    .flag("anyTodo", { !$0.view.todos.isEmpty }),
    .text("legend", { $0.view.legend }),
    .text("name", { "CR-\($0.view.change.number)" }),
    .text("note", { $0.isStop ? "" : $0.typed("note") }),
    .text("stopNote", { $0.isStop ? $0.typed("note") : "" }), .text("typed", { $0.typed("typed") }),
    .flag("foundNotDone", { $0.typed("found") == "not-done" }),
    .flag("foundPartly", { $0.typed("found") == "partly" }),
    .flag("foundDone", { $0.typed("found") == "done" }),
    .text("planTitle", { $0.view.change.plan.title }),
    .text("state", { $0.view.sentence }), .item("tag", { Tag($0.view.state) }),
    .link("path", { "/changes/\($0.view.change.number)" }),
    .text("requester", { $0.view.change.requester.name }),
    .text("reason", { $0.view.change.reason }),
    .item("reviewBy", { When($0.view.change.reviewBy, now: $0.view.now) }),
    .item("runBy", { $0.view.change.runBy.map { [now = $0.view.now] in When($0, now: now) } }),
    .text("approvers", { $0.view.approvers }),
    .text("digest", { $0.view.change.digest }), .item("digestCut", { Cut($0.view.change.digest) }),
    .flag("moving", { $0.view.isMoving }), .text("progress", { $0.view.progress }),
    .text("unread", { $0.view.unread }),
    .flag("decides", { $0.view.box == .decide }), .flag("own", { $0.view.box == .own }),
    .flag("cannotDecide", { $0.view.box == .ineligible }),
    .flag("watches", { $0.view.box == .watch }), .flag("runs", { $0.view.box == .run }),
    .flag("waitsForRun", { $0.view.box == .waitsForRun }),
    .flag("settles", { $0.view.box == .settle }),
    .flag("waitsForFinding", { $0.view.box == .waitsForFinding }),
    .flag("mayWithdraw", { $0.view.mayWithdraw }),
    .list("diff", { DiffLine.lines(of: $0.view.change.plan, seen: $0.view.seen) }),
    .item("seenAt", { $0.view.seenAt.map { [now = $0.view.now] in When($0, now: now) } }),
    .list("steps", { StepLine.lines(of: $0.view.change.plan) }),
    .text(
      "conditionsTitle",
      { page in
        let isBefore = page.view.state == .pending || page.view.state == .approved
        return isBefore
          ? "What must still be true when it runs" : "What had to be true for it to run"
      }),
    .list("conditions", { $0.view.conditions }),
    .list("effects", { $0.view.change.plan.effects.map(Sentence.init) }),
    .item("cost", { CostTable.of($0.view.change.plan, at: $0.view.now) }),
    .item("paid", { $0.view.comparison.map(ComparisonLine.init) }),
    .list("timeline", { $0.view.timeline }),
    .flag("mayTakeEvidence", { $0.view.person.may(.readAudit) }),
    .link("evidence", { "/changes/\($0.view.change.number)/evidence" }),
  ]
}
