import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Runs shown on one page.
  static let runsPerPage = 25

  /// The three workflows and their runs, as last read.
  func listWorkflows(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let site = configuration.sites[0]
    let filter = RunFilter(visit.form)
    let view = resourceView(at: visit.now)
    let content = try await storage.read { [now = visit.now] db in
      let seen = try Watch.of(.workflows).flatMap {
        try ObservationStore.find($0, site: site.name, in: db)
      }
      let runs = try RunStore.list(filter, site: site.name, limit: Self.runsPerPage + 1, in: db)
      return WorkflowsPage(
        repository: site.repository, facts: seen?.facts as? WorkflowFacts,
        when: seen?.observedAt.map { When($0, now: now) },
        isStale: seen?.observedAt.map { now.since($0) > view.staleMs } ?? false,
        failure: seen?.failure ?? "", filter: filter,
        runs: runs.prefix(Self.runsPerPage).map { RunLine($0, now: now) },
        older: runs.count > Self.runsPerPage
          ? filter.older(than: runs[Self.runsPerPage - 1].run).path : "",
        mayPropose: person.may(.propose), now: now)
    }
    return page(content, for: visit)
  }

  /// The form to run a workflow, made of the inputs that its file was last seen to have.
  func showDispatch(_ visit: Visit) async throws -> Response {
    try await dispatchForm(problems: [], visit)
  }

  /// The same, also with why no plan could be made of what was typed.
  func dispatchForm(problems: [Mistake], _ visit: Visit) async throws -> Response {
    let site = configuration.sites[0].name
    let (revised, facts) = try await storage.read { db in
      (
        try Int64(visit.revises).map { try ChangeStore.find($0, in: db) },
        try ObservationStore.facts(WorkflowFacts.self, site: site, in: db)?.facts
      )
    }
    let typed = visit.field("workflow")
    let file = typed.isEmpty ? revised?.plan.parameters["workflow"] ?? "" : typed
    guard let workflow = facts?.workflow(file), let definition = workflow.definition else {
      guard problems.isEmpty else {
        throw Failure(
          status: .unprocessableContent, title: "There is a problem",
          sentence: problems.map(\.sentence).joined(separator: " "))
      }
      return .seeOther("/workflows")
    }
    var kind = ChangeKind.workflowDispatch
    kind.about =
      "\(workflow.name) on main at \((facts?.head ?? "").prefix(7)). Its last success: "
      + "\(workflow.behindWords)."
    let before = revised?.plan.parameters ?? [:]
    let inputs = definition.asked.map { input in
      let name = WorkflowDispatch.fieldPrefix + input.name
      return FormFieldLine(
        field: FormField(input),
        typed: visit.form[name] ?? before[WorkflowDispatch.inputPrefix + input.name]
          ?? input.standard)
    }
    let hidden = FormFieldLine(field: .hidden("workflow"), typed: file)
    let content = FormPage(
      kind: kind, problems: problems, revises: visit.revises, draft: visit.field("draft"),
      lines: [hidden] + inputs)
    return page(content, for: visit)
  }
}

extension FormField {
  /// The field of a workflow's input.
  fileprivate init(_ input: WorkflowInput) {
    let control: Control =
      switch input.kind {
      case .choice: .choice(input.options.map { ($0, $0) })
      case .boolean: .choice([("true", "Yes"), ("false", "No")])
      case .number: .number
      case .string, .environment: .text
      }
    let about =
      input.about.isEmpty
      ? ""
      : input.about.capitalizedFirst + "."
    self.init(
      WorkflowDispatch.fieldPrefix + input.name, input.name, control,
      hint: [about, input.isRequired ? "Needed." : "", input.kind.hint].filter { !$0.isEmpty }
        .joined(separator: " "))
  }
}

extension WorkflowInput.Kind {
  fileprivate var hint: String { self == .environment ? "The name of an environment." : "" }
}
