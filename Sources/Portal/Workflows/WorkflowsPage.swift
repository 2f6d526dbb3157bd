import Mustache
import Rules

/// The three workflows, how GitHub stands with the token, and the runs.
struct WorkflowsPage: Page {
  let repository: String
  /// Nil before the first reading.
  let facts: WorkflowFacts?
  let when: When?
  let isStale: Bool
  /// Why the last reading failed; empty where it did not.
  let failure: String
  let filter: RunFilter
  let runs: [RunLine]
  let older: String
  let mayPropose: Bool
  let now: Moment

  static let template = "workflows/index"
  static let section: Section? = .workflows
  var title: String { "Workflows" }

  static let fields: [Field<WorkflowsPage>] = [
    .text("state", { $0.state }), .text("repository", { $0.repository }),
    .text("failure", { $0.failure.isEmpty ? $0.facts?.problem ?? "" : $0.failure }),
    .item("when", { $0.when }), .flag("stale", { $0.isStale }),
    .flag("hasToken", { $0.facts?.hasToken ?? true }),
    .text("howToAddToken", { _ in WorkflowFacts.howToAddToken }),
    .list("cards", { $0.cards }), .item("standing", { $0.standing }),
    .list("workflows", { $0.choices(Workflow.all.map { ($0, $0) }, $0.filter.workflow) }),
    .list("results", { $0.choices(RunFilter.results, $0.filter.result) }),
    .list("events", { $0.choices(RunFilter.events, $0.filter.event) }),
    .flag("filtered", { $0.filter.isNarrow }),
    .list("runs", { $0.runs }), .flag("anyRun", { !$0.runs.isEmpty }),
    .link("newest", { $0.filter.newest.path }), .flag("hasNewer", { $0.filter.before != nil }),
    .link("older", { $0.older }), .flag("hasOlder", { !$0.older.isEmpty }),
    .flag("paged", { $0.filter.before != nil || !$0.older.isEmpty }),
  ]

  private var state: String {
    guard let facts else { return "Nothing has been read from GitHub yet." }
    guard facts.hasToken else { return "There is no GitHub token." }
    guard facts.problem == nil else { return "GitHub lets the token read nothing." }
    let running = facts.workflows.filter { $0.runs.first?.isOver == false }
    if let first = running.first {
      return running.count == 1 ? "\(first.name) is running." : "\(running.count) are running."
    }
    let stale = facts.workflows.filter(\.isStale).map(\.name)
    return stale.isEmpty
      ? "What is on main is deployed, as far as runs tell."
      : "Not deployed as main has it: \(stale.joined(separator: ", "))."
  }

  private var cards: [WorkflowCard] {
    (facts?.workflows ?? []).map { WorkflowCard(workflow: $0, mayRun: mayPropose, now: now) }
  }

  private var standing: GitHubCard? {
    facts.flatMap { $0.hasToken ? GitHubCard(facts: $0, now: now) : nil }
  }

  private func choices(_ all: [(String, String)], _ chosen: String?) -> [Choice] {
    all.map { Choice(value: $0.0, label: $0.1, isSelected: $0.0 == chosen) }
  }
}

/// One workflow in its card.
struct WorkflowCard: TemplateData {
  let workflow: WorkflowSummary
  let mayRun: Bool
  let now: Moment

  static let fields: [Field<WorkflowCard>] = [
    .text("name", { $0.workflow.name }), .item("tag", { $0.tag }),
    .text("note", { $0.note }), .text("behind", { $0.workflow.behindWords }),
    .item("last", { $0.last }),
    .flag("runs", { $0.mayRun && $0.isRunnable }),
    .link("form", { "/workflows/new?workflow=" + percentEncoded($0.workflow.file) }),
    .link("list", { "/workflows?workflow=" + percentEncoded($0.workflow.file) + "#runs" }),
  ]

  private var isRunnable: Bool {
    workflow.state == "active" && workflow.definition?.isDispatchable == true
  }

  private var tag: Tag {
    if workflow.state != "active" { return Tag("attention", workflow.state.heading) }
    guard let run = workflow.runs.first else { return Tag("neutral", "Never run") }
    return Tag(run)
  }

  /// Why it can't be run from here; empty when it can.
  private var note: String {
    if workflow.state == "missing" { return "\(workflow.file) is not in the repository." }
    if workflow.state != "active" { return "GitHub runs nothing of it until it is enabled there." }
    guard let definition = workflow.definition else {
      return "Its file can't be read, so it can't be run from here."
    }
    return definition.isDispatchable
      ? "" : "It has no workflow_dispatch, so it can't be run from here."
  }

  private var last: RunLine? {
    workflow.runs.first.map { RunLine($0, change: nil, now: now) }
  }
}

/// How GitHub stands with the token.
struct GitHubCard: TemplateData {
  let facts: WorkflowFacts
  let now: Moment

  static let fields: [Field<GitHubCard>] = [
    .text("calls", { $0.facts.callsWords }),
    .item("when", { card in card.facts.resetsAt.map { When($0, now: card.now) } }),
    .text("until", { $0.until }), .text("missing", { $0.missing }),
    .flag("expiring", { $0.daysLeft.map { $0 < Expectation.tokenDays } ?? false }),
  ]

  private var daysLeft: Int64? { facts.tokenUntil.map { $0.since(now) / Span.day } }

  private var until: String {
    guard let until = facts.tokenUntil else { return "GitHub names no end." }
    if until <= now { return "It expired on \(until.local)." }
    return "\(until.local), for \(Span.about(ms: until.since(now)))"
  }

  private var missing: String {
    facts.missing.isEmpty
      ? "nothing that Caretaker has asked for"
      : facts.missing.map(GitHubPermission.words).joined(separator: "; ")
  }
}

/// One run in a list.
struct RunLine: TemplateData {
  let run: RunSummary
  let change: Int64?
  let when: When

  init(_ run: RunSummary, change: Int64?, now: Moment) {
    self.run = run
    self.change = change
    when = When(run.createdAt, now: now)
  }

  init(_ kept: RunStore.Kept, now: Moment) {
    self.init(kept.run, change: kept.change, now: now)
  }

  static let fields: [Field<RunLine>] = [
    .link("href", { "/workflows/runs/\($0.run.id)" }), .text("runTitle", { $0.run.shownTitle }),
    .text("workflow", { WorkflowSummary(file: $0.run.file, state: "").name }),
    .item("tag", { Tag($0.run) }), .text("duration", { $0.run.durationWords }),
    .text("commit", { String($0.run.commit.prefix(7)) }), .text("by", { $0.run.byWords }),
    .text("change", { $0.change.map { "CR-\($0)" } ?? "" }),
    .link("changePath", { "/changes/\($0.change ?? 0)" }), .item("when", { $0.when }),
  ]
}

extension RunSummary {
  /// The title for people, without the mark, which is told as the change, and with hashes cut.
  var shownTitle: String {
    let unmarked = title.split(separator: " ").filter { $0 != mark ?? "" }.map { word in
      word.count >= 32 && word.allSatisfy(\.isHexDigit) ? "\(word.prefix(7))…" : String(word)
    }.joined(separator: " ")
    // What the examples write in the mark's place.
    let ending = " without a change"
    return unmarked.hasSuffix(ending) ? String(unmarked.dropLast(ending.count)) : unmarked
  }

  /// How long it took; empty while it runs.
  var durationWords: String {
    durationMs.map { JobView.words(seconds: $0 / Span.second) } ?? ""
  }

  /// Who or what began it.
  var byWords: String {
    let how = ["push": "push", "workflow_dispatch": "by hand", "schedule": "by the clock"]
    return [actor, how[event] ?? event.spoken].filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

extension Tag {
  init(_ run: RunSummary) {
    switch run.outcome {
    case "success": self.init("good", "Succeeded")
    case "failure", "timed_out", "startup_failure":
      self.init("danger", run.outcome == "failure" ? "Failed" : run.outcome.heading)
    case "cancelled": self.init("attention", "Cancelled")
    case "in_progress": self.init("attention", "Running", icon: "running")
    case "queued", "waiting", "requested", "pending":
      self.init("attention", run.outcome.heading, icon: "waiting")
    case "skipped", "neutral", "stale": self.init("neutral", run.outcome.heading)
    default: self.init("unknown", "Unknown")
    }
  }
}
