import AWS
import Rules

extension ChangeKind {
  /// Whether the stack refuses to be deleted.
  static let terminationProtection = ChangeKind(
    id: "cfn.termination-protection", label: "Termination protection",
    about: "A protected stack refuses to be deleted. It can still be updated.", subject: .stack,
    form: { estate in
      [
        .toggle(
          "protection", "Termination protection",
          isOn: estate[StackFacts.self].facts?.isProtected ?? false)
      ]
    },
    plan: { means, asked in
      let stack = asked.site.stack
      let isOn = try asked.isOn("protection")
      let isProtected = try await means.cloud.cloudFormation.describeStack(stack)
        .terminationProtection
      return try Setting(
        kind: "cfn.termination-protection", label: "Termination protection of the stack",
        field: TerminationProtection.field, before: isProtected ? "on" : "off",
        after: isOn ? "on" : "off", guarding: isOn ? .logged : .guarded, lock: "cfn:\(stack)",
        parameters: ["stack": stack],
        step: Step(
          service: "cloudformation", operation: "UpdateTerminationProtection",
          words: "Turn termination protection \(isOn ? "on" : "off")",
          parameters: ["StackName": stack, "EnableTerminationProtection": String(isOn)],
          recovery: .setTo),
        effects: isOn
          ? ["One command no longer deletes everything the stack holds. Updates go on as before."]
          : ["From then on one command deletes everything the stack holds."],
        inverse: ["protection": isOn ? "off" : "on"]
      ).plan(for: asked)
    },
    read: { means, plan in
      let stack = try await means.cloud.cloudFormation.describeStack(plan.parameters["stack"] ?? "")
      return [TerminationProtection.field: stack.terminationProtection ? "on" : "off"]
    },
    perform: { means, _, step, _ in
      try await means.cloud.cloudFormation.updateTerminationProtection(
        step.parameters["StackName"] ?? "",
        enabled: step.parameters["EnableTerminationProtection"] == "true")
      return "CloudFormation took it."
    })
}

/// What is read of termination protection.
enum TerminationProtection {
  static let field = "stack.termination_protection"
}
