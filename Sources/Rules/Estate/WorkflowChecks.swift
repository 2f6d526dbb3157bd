extension Check {
  /// What the workflows and the token are held to. Without a token none of it applies.
  static let workflows: [Check] = token + eachWorkflow

  private static let eachWorkflow: [Check] = [
    workflowCheck(
      "workflow.enabled", expects: "The three workflows are there and enabled",
      why: "GitHub runs nothing of a workflow that is disabled, pushes included.",
      remedy: "Enable it on GitHub under Actions, or add the file: docs/workflows has all three."
    ) { each in
      switch each.state {
      case "active": .fine
      case "missing": .faulty("\(each.file) is not in the repository")
      default: .faulty("\(each.name) is disabled (\(each.state.spoken))")
      }
    },
    workflowCheck(
      "workflow.dispatch", expects: "Caretaker can start each workflow and find its run again",
      why: "Only a workflow with workflow_dispatch and change_id in its run-name can be run from "
        + "here without ever being run twice.",
      remedy: "Add what is missing to its file on main: docs/workflows says what each needs."
    ) { each in
      guard let definition = each.definition else {
        return .unknown("The file of \(each.name) could not be read.")
      }
      if !definition.isDispatchable { return .faulty("\(each.name) has no workflow_dispatch") }
      return definition.carriesMark
        ? .fine : .faulty("\(each.name) has no change_id in its run-name")
    },
    workflowCheck(
      "workflow.last-run", expects: "The last run of each workflow succeeded",
      why: "What the last run was to deploy may be there in part, or not at all.",
      remedy: "Open its run to see the step that failed, then run it again."
    ) { each in
      guard let run = each.lastOver, !["success", "skipped"].contains(run.conclusion) else {
        return .fine
      }
      return .faulty("\(each.name) ended as \(run.conclusion.spoken) on \(run.updatedAt.words)")
    },
    workflowCheck(
      "workflow.behind", expects: "What is on main is deployed",
      why: "A later deployment brings along what nobody expects of it any more.",
      remedy: "Run it, or find out why it did not run.",
      mend: { Mend("workflow.dispatch", ["workflow": $0.file]) }
    ) { each in
      guard let behind = each.behind else {
        return .unknown("How far \(each.name) is behind main is not known.")
      }
      let commits = behind == 1 ? "1 commit" : "\(behind) commits"
      let folder = Workflow.folder(of: each.file)
      return each.isStale
        ? .faulty("\(each.name) is \(commits) behind main, where \(folder) has changed") : .fine
    },
  ]

  private static let token: [Check] = [
    Check(
      "github.access", of: WorkflowFacts.self, .danger, expects: "GitHub accepts the token",
      why: "Without it nothing is known of deployments, and none can be started from here."
    ) { facts, _ in
      guard facts.hasToken else { return nil }
      return .met(
        facts.problem == nil, "GitHub lets the token read \(facts.repository).",
        else: facts.problem ?? "", remedy: "A new one counts at once, without a restart.")
    },
    Check(
      "github.token-expiry", of: WorkflowFacts.self, .attention,
      expects: "The GitHub token is valid for \(Expectation.tokenDays) days or more",
      why: "On the day it ends Caretaker can neither see nor start a deployment."
    ) { facts, estate in
      guard let until = facts.tokenUntil else { return nil }
      let days = until.since(estate.now) / Span.day
      return .met(
        days >= Expectation.tokenDays, "Valid for \(Span.words(days: days)) more.",
        else: until <= estate.now
          ? "It expired on \(until.words)."
          : "It expires in \(Span.about(ms: until.since(estate.now))), on \(until.words).",
        remedy: "Make a new one on GitHub and put it into the token's file.")
    },
    Check(
      "github.permissions", of: WorkflowFacts.self, .attention,
      expects: "GitHub has refused the token nothing that Caretaker asked for",
      why: "What a token may not do is missing here, or fails on the day it is needed."
    ) { facts, _ in
      guard facts.hasToken, facts.problem == nil else { return nil }
      let missing = facts.missing.map(GitHubPermission.words).joined(separator: "; ")
      return .met(
        facts.missing.isEmpty, "Nothing was refused.", else: "The token lacks \(missing).",
        remedy: "Give it on GitHub, under the token's repository permissions.")
    },
  ]

  /// What a check makes of one workflow.
  private enum Each {
    case fine
    case faulty(String)
    case unknown(String)
  }

  /// A check of each workflow. What is wrong with one outweighs what is not known of another.
  /// - Parameter mend: the change that mends the first that is faulty.
  private static func workflowCheck(
    _ id: String, expects expectation: String, why: String, remedy: String,
    mend: (@Sendable (WorkflowSummary) -> Mend)? = nil,
    judge: @escaping @Sendable (WorkflowSummary) -> Each
  ) -> Check {
    Check(id, of: WorkflowFacts.self, .attention, expects: expectation, why: why) { facts, _ in
      guard facts.hasToken else { return nil }
      if let problem = facts.problem { return .noData(problem) }
      var faults: [(workflow: WorkflowSummary, words: String)] = []
      var unknown: String?
      for workflow in facts.workflows {
        switch judge(workflow) {
        case .fine: break
        case .faulty(let words): faults.append((workflow, words))
        case .unknown(let words): unknown = unknown ?? words
        }
      }
      if let first = faults.first {
        return .fail(
          faults.map(\.words).joined(separator: "; ") + ".", remedy: remedy,
          mend: mend?(first.workflow))
      }
      return unknown.map(Judgement.noData) ?? .pass("So it is with all three.")
    }
  }
}

/// Permissions of tokens.
public enum GitHubPermission {
  /// `actions=write` as people read it on GitHub: “Actions: write”. Commas join what is needed
  /// together, semicolons what is needed instead.
  public static func words(_ header: String) -> String {
    header.split(separator: ";").map { alternative in
      alternative.split(separator: ",").map { one in
        let parts = one.split(separator: "=").map { $0.split(separator: " ").joined() }
        guard let name = parts.first else { return "" }
        return "“" + ([name.capitalizedFirst] + parts.dropFirst()).joined(separator: ": ") + "”"
      }.joined(separator: " and ")
    }.joined(separator: " or ")
  }
}
