import AWS
import Rules

extension ChangeKind {
  /// A run of one of the three workflows on main, with the inputs that its file asks for.
  static let workflowDispatch = ChangeKind(
    id: "workflow.dispatch", label: "Run a workflow",
    about: "GitHub runs the workflow at the commit that main is at.", subject: .workflows,
    ownPath: "/workflows/new", formPage: Portal.dispatchForm,
    plan: { means, asked in
      try WorkflowDispatch.plan(try await means.dispatch(for: asked), for: asked)
    },
    read: { means, plan in try await means.readDispatch(plan) },
    perform: { means, plan, step, _ in
      let prefix = WorkflowDispatch.inputPrefix
      let inputs = step.parameters.compactMap { key, value in
        key.hasPrefix(prefix) ? (String(key.dropFirst(prefix.count)), value) : nil
      }
      let run = try await means.cloud.github.dispatch(
        step.parameters["workflow"] ?? "", on: step.parameters["ref"] ?? "",
        inputs: Dictionary(inputs) { first, _ in first })
      return run.map { "GitHub began run \($0)." }
        ?? "GitHub took it and did not say which run it is: its title has \(plan.change)."
    })
}

/// Plans a run of a workflow.
enum WorkflowDispatch {
  /// What a dispatch is planned from, read live.
  struct Seen {
    let file: String
    let state: String
    let head: GitHubCommit
    let definition: WorkflowDefinition
    let blob: String
    /// The commit whose content was deployed last; nil where not known.
    let deployed: String?
    /// What the run changes elsewhere, held meanwhile.
    let locks: [String]
  }

  static let inputPrefix = "inputs."
  /// Before the name of an input in the form, so that none is taken for a field of the form itself.
  static let fieldPrefix = "input_"
  static let stateField = "workflow.state"
  static let headField = "main.commit"
  static let blobField = "workflow.file"

  /// The plan, or why there is none.
  static func plan(_ seen: Seen, for asked: Asked) throws -> Plan {
    let name = WorkflowSummary(file: seen.file, state: seen.state).name
    guard seen.state == "active" else {
      throw PlanProblem(
        "\(name) is disabled on GitHub (\(seen.state.spoken)). Enable it there first.")
    }
    guard seen.definition.isDispatchable else {
      throw PlanProblem("\(name) can't be started by hand: add workflow_dispatch to its file.")
    }
    let given = try values(of: seen.definition, for: asked)
    let inputs = Dictionary(uniqueKeysWithValues: given.map { (inputPrefix + $0.key, $0.value) })
    return Plan(
      change: asked.change, kind: "workflow.dispatch", site: asked.site.name,
      title: title(name, seen.definition, given), guarding: RunReading.guarding(of: seen.file),
      parameters: inputs.merging(
        ["workflow": seen.file, "person": String(asked.person.id)]) { $1 },
      locks: [RunReading.lock(of: seen.file)] + seen.locks,
      preconditions: [
        Reading(stateField, "Workflow", seen.state),
        Reading(headField, "Commit of main", seen.head.sha),
        Reading(blobField, "Its file", seen.blob),
        Reading(RunReading.outcomeField, "The run", RunReading.none),
      ],
      steps: [
        Step(
          service: "github", operation: "workflow_dispatch", words: "Start \(name) on main",
          parameters: inputs.merging(["workflow": seen.file, "ref": GitHub.branch]) { $1 },
          recovery: seen.definition.carriesMark ? .marker : .oneShot)
      ],
      expected: [
        Reading(RunReading.outcomeField, "The run", "success"),
        Reading(RunReading.commitField, "Its commit", seen.head.sha),
      ],
      failure: RunReading.failures, verifyWithinMs: RunReading.verifyWithinMs,
      effects: effects(seen, name), cost: .none, inverse: inverse(seen))
  }

  /// Every input that the file declares, as it goes out: nothing is left to a default that could
  /// be another one by then.
  private static func values(
    of definition: WorkflowDefinition, for asked: Asked
  ) throws -> [String: String] {
    guard definition.inputs.count <= WorkflowFile.inputsMax else {
      throw PlanProblem("GitHub takes \(WorkflowFile.inputsMax) inputs at most.")
    }
    var values: [String: String] = [:]
    var mistakes: [Mistake] = []
    for input in definition.asked {
      let isGiven = asked.form[fieldPrefix + input.name] != nil
      let value = isGiven ? asked.field(fieldPrefix + input.name) : input.standard
      if let fault = input.fault(of: value) {
        mistakes.append(Mistake("“\(input.name)” \(fault).", at: fieldPrefix + input.name))
      } else {
        values[input.name] = value
      }
    }
    mistakes += [applyMistake(in: values)].compactMap { $0 }
    guard mistakes.isEmpty else { throw PlanProblem(mistakes) }
    let names = Set(definition.inputs.map(\.name))
    if names.contains(WorkflowDefinition.changeInput) {
      values[WorkflowDefinition.changeInput] = asked.change
    }
    // A plan is kept for ever, and so is what GitHub is told: a number, never a name.
    if names.contains(WorkflowDefinition.personInput) {
      values[WorkflowDefinition.personInput] = "person \(asked.person.id)"
    }
    return values
  }

  /// What was approved is one change set, so it is named.
  private static func applyMistake(in values: [String: String]) -> Mistake? {
    guard values["mode"] == "apply", values["change_set"]?.hasPrefix("arn:") == false else {
      return nil
    }
    return Mistake(
      "To apply, give the ARN of the change set that was reviewed as change_set. The run with "
        + "the mode plan leaves one.", at: fieldPrefix + "change_set")
  }

  private static func title(
    _ name: String, _ definition: WorkflowDefinition, _ values: [String: String]
  ) -> String {
    let said = definition.asked.compactMap { input in
      values[input.name].flatMap { $0.isEmpty ? nil : "\(input.name) \($0.suffix(40))" }
    }
    return "Run \(name)" + (said.isEmpty ? "" : " with " + said.joined(separator: ", "))
  }

  private static func effects(_ seen: Seen, _ name: String) -> [String] {
    let head = "\(seen.head.sha.prefix(7)), “\(SecretScan.redacted(seen.head.subject))”"
    var effects = ["It runs at the commit \(head), and not at all once main is at another."]
    switch Workflow.folder(of: seen.file) {
    case "theme/":
      effects.append("Readers see the theme as soon as Ghost has it. Ghost keeps no earlier one.")
    case "image/":
      effects.append(
        "ECS replaces the task once the image is there. A green run alone is no proof.")
    default:
      effects.append(
        "The mode plan leaves a change set and changes nothing. To apply puts back what was set "
          + "past the code: a size, a number of tasks, an image that was pinned.")
    }
    if !seen.definition.carriesMark {
      effects.append(
        "The run's title has no change_id: if GitHub's answer is lost, nothing tells whether it "
          + "was started, and a person has to look.")
    }
    return effects + ["On GitHub it is begun by the owner of Caretaker's token."]
  }

  /// The theme that was there before, by its commit.
  private static func inverse(_ seen: Seen) -> Inverse? {
    guard let deployed = seen.deployed, seen.definition.inputs.contains(where: { $0.name == "sha" })
    else { return nil }
    return Inverse(
      kind: "workflow.dispatch", form: ["workflow": seen.file, fieldPrefix + "sha": deployed])
  }
}
