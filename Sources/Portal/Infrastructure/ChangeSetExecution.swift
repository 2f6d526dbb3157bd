import AWS
import Cryptography
import Foundation
import Rules

extension ChangeKind {
  /// An update of the stack: the execution of one change set, by its ARN.
  static let changeSetExecution = ChangeKind(
    id: "cfn.execute", label: "Execute a change set",
    about:
      "Updates the stack as a run of infra-deploy has planned it: this change set and no other.",
    subject: .changeSets,
    form: { estate in
      let sets = estate[ChangeSetFacts.self].facts?.sets.filter(\.isAvailable) ?? []
      return [
        FormField(
          "arn", "Change set", .choice(sets.map { ($0.arn, "\($0.name): \($0.counts)") }),
          hint: sets.isEmpty
            ? "There is none to execute. Run infra-deploy in mode “plan” to make one." : "")
      ]
    },
    plan: { means, asked in
      let arn = asked.field("arn")
      guard arn.hasPrefix("arn:") else {
        throw PlanProblem("Choose a change set that can be executed.")
      }
      async let update = means.cloud.plannedUpdate(arn)
      async let stack = means.cloud.cloudFormation.describeStack(asked.site.stack)
      let warnings = try await means.cloud.outsideWarnings(of: update)
      return try ChangeSetExecution.plan(
        of: await update, stack: await stack, warnings: warnings, for: asked)
    },
    read: { means, plan in try await ChangeSetExecution.read(plan, in: means.cloud) },
    restorableTo: { means, plan in
      guard plan.parameters["database"] != nil else { return nil }
      return try await means.cloud.database(of: plan).restorableTo
    },
    perform: { means, plan, step, _ in
      try await means.cloud.cloudFormation.executeChangeSet(
        step.parameters["ChangeSetName"] ?? "", token: plan.change)
      return "CloudFormation took it."
    })

  /// The end of a rollback that failed: CloudFormation tries again to go back.
  static let continuedRollback = ChangeKind(
    id: "cfn.continue-rollback", label: "Continue the stack's rollback",
    about: "A stack whose rollback failed takes no update until it has gone back.",
    subject: .stack,
    form: { _ in [] },
    plan: { means, asked in
      let stack = try await means.cloud.cloudFormation.describeStack(asked.site.stack)
      return try ChangeSetExecution.continuedRollback(of: stack, for: asked)
    },
    read: { means, plan in
      let stack = try await means.cloud.cloudFormation.describeStack(plan.parameters["stack"] ?? "")
      return [ChangeSetExecution.statusField: stack.status]
    },
    perform: { means, plan, step, _ in
      try await means.cloud.cloudFormation.continueUpdateRollback(
        step.parameters["StackName"] ?? "", token: plan.change)
      return "CloudFormation took it."
    })
}

/// Plans updates of the stack.
enum ChangeSetExecution {
  static let statusField = "stack.status"
  static let executionField = "change_set.execution"
  static let contentField = "change_set.content"
  /// How long an update of the whole stack may take: a database takes most of it.
  static let verifyWithinMs = 2 * Span.hour
  /// The most changed properties that a plan spells out; its fingerprint covers all of them.
  static let propertiesMax = 200
  /// How old a backup may be when something that holds data goes.
  static let backupAgeMsMax = Span.hour

  static func plan(
    of update: PlannedUpdate, stack: CloudFormation.Stack, warnings: [String], for asked: Asked
  ) throws -> Plan {
    guard update.isAvailable else {
      throw PlanProblem(
        "“\(update.name)” can't be executed: \(update.standing). Make another by a run of "
          + "infra-deploy in mode “plan”.")
    }
    guard !stack.status.hasSuffix("_IN_PROGRESS") else {
      throw PlanProblem("The stack is \(stack.status). Wait until it is settled.")
    }
    guard stack.status != "UPDATE_ROLLBACK_FAILED" else {
      throw PlanProblem(
        "The stack is \(stack.status) and takes no update. \(StackStatus.remedy(stack.status))")
    }
    let database = update.changes.first {
      $0.type == "AWS::RDS::DBInstance" && $0.losesState && !$0.physicalID.isEmpty
    }
    var parameters = ["arn": update.arn, "stack": asked.site.stack]
    parameters["database"] = database?.physicalID
    return Plan(
      change: asked.change, kind: ChangeKind.changeSetExecution.id, site: asked.site.name,
      title: "Update the stack by “\(update.name)”: \(update.counts)",
      guarding: update.isIrreversible ? .irreversible : .guarded, parameters: parameters,
      locks: ["cfn:\(asked.site.stack)"] + update.changes.map(\.physicalID).filter { !$0.isEmpty },
      preconditions: [
        Reading(statusField, "Stack", stack.status),
        Reading(executionField, "Change set", update.execution),
        Reading(contentField, "Change set's content", try fingerprint(of: update)),
      ],
      steps: [
        Step(
          service: "cloudformation", operation: "ExecuteChangeSet",
          words: "Execute the change set “\(update.name)”",
          parameters: ["ChangeSetName": update.arn, "ClientRequestToken": asked.change],
          recovery: .token)
      ],
      expected: [
        Reading(executionField, "Change set", "EXECUTE_COMPLETE"),
        Reading(statusField, "Stack", "UPDATE_COMPLETE"),
      ],
      failure: [
        Reading(executionField, "Change set", "EXECUTE_FAILED"),
        Reading(statusField, "Stack", "UPDATE_ROLLBACK_FAILED"),
      ], verifyWithinMs: verifyWithinMs, effects: effects(of: update) + warnings, cost: .none,
      typedName: update.isIrreversible ? asked.site.stack : "",
      backup: database.map {
        Backup(words: "the database \($0.physicalID)", ageMsMax: backupAgeMsMax)
      })
  }

  static func continuedRollback(of stack: CloudFormation.Stack, for asked: Asked) throws -> Plan {
    guard stack.status == "UPDATE_ROLLBACK_FAILED" else {
      throw PlanProblem("The stack is \(stack.status): there is no rollback to continue.")
    }
    return Plan(
      change: asked.change, kind: ChangeKind.continuedRollback.id, site: asked.site.name,
      title: "Continue the rollback of \(asked.site.stack)", guarding: .guarded,
      parameters: ["stack": asked.site.stack], locks: ["cfn:\(asked.site.stack)"],
      preconditions: [Reading(statusField, "Stack", stack.status)],
      steps: [
        Step(
          service: "cloudformation", operation: "ContinueUpdateRollback",
          words: "Have CloudFormation go on with the rollback",
          parameters: ["StackName": asked.site.stack, "ClientRequestToken": asked.change],
          recovery: .token)
      ],
      expected: [Reading(statusField, "Stack", "UPDATE_ROLLBACK_COMPLETE")], failure: [],
      verifyWithinMs: verifyWithinMs,
      effects: [
        "What could not be put back the last time is tried again. Mend its cause first: "
          + (stack.statusReason ?? "the stack's events name it") + ".",
        "No resource is skipped: what is skipped would differ from the template for ever.",
      ], cost: .none, restoresService: true)
  }

  /// Every change in words: people approve what stands here.
  private static func effects(of update: PlannedUpdate) -> [String] {
    var left = propertiesMax
    let changes = update.changes.map { change -> String in
      let shown = change.properties.prefix(left)
      left -= shown.count
      let properties = shown.map(\.words).joined(separator: "; ")
      let danger = change.losesState ? "What it holds can't be had back. " : ""
      return danger + change.words + (properties.isEmpty ? "" : " \(properties).")
    }
    let total = update.changes.reduce(0) { $0 + $1.properties.count }
    let more = total > propertiesMax ? ["\(total - propertiesMax) more properties change."] : []
    return changes + more + [
      "Going back is another deploy, of the commit before: resources come back, data does not."
    ]
  }

  /// The digest of all that a change set would do.
  static func fingerprint(of update: PlannedUpdate) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return Hex.encode(SHA256.digest(Array(try encoder.encode(update.changes))))
  }

  static func read(_ plan: Plan, in cloud: Cloud) async throws -> [String: String] {
    async let stack = cloud.cloudFormation.describeStack(plan.parameters["stack"] ?? "")
    do {
      let update = try await cloud.plannedUpdate(plan.parameters["arn"] ?? "")
      return [
        statusField: try await stack.status, executionField: update.execution,
        contentField: try fingerprint(of: update),
      ]
    } catch let error as AWSError {
      guard case .notFound = error.reason else { throw error }
      return [
        statusField: try await stack.status, executionField: "gone", contentField: "gone",
      ]
    }
  }
}

extension Cloud {
  /// What an update would undo that was done past the code: the image or size that the service
  /// runs by a task definition of which the stack knows nothing.
  func outsideWarnings(of update: PlannedUpdate) async throws -> [String] {
    let touchesService = update.changes.contains {
      $0.type == "AWS::ECS::Service" || $0.type == "AWS::ECS::TaskDefinition"
    }
    guard touchesService else { return [] }
    let entries = try await stackEntries()
    let known = Set(entries.filter { $0.type == "AWS::ECS::TaskDefinition" }.map(\.physicalID))
    let facts = try await serviceFacts(try SiteIDs(entries).service)
    guard !known.isEmpty, !known.contains(facts.taskDefinition) else { return [] }
    return [
      "The service runs \(facts.revision), which was deployed past the code. This update puts the "
        + "code's task definition back, and so undoes that rollback or size."
    ]
  }
}
