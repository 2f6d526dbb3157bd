import AWS
import Rules

extension ChangeKind {
  /// Whether the load balancer refuses to be deleted.
  static let balancerProtection = ChangeKind(
    id: "alb.deletion-protection", label: "Deletion protection of the load balancer",
    about: "A protected load balancer refuses to be deleted, also by an update of the stack.",
    subject: .balancer,
    form: { estate in
      [
        .toggle(
          "protection", "Deletion protection",
          isOn: estate[BalancerFacts.self].facts?.protectsDeletion ?? false)
      ]
    },
    plan: { means, asked in
      let balancer = try await means.ids(at: asked.site).balancer
      let isOn = try asked.isOn("protection")
      let isProtected = try await means.cloud.balancing
        .describeLoadBalancerAttributes(balancer)
        .deletionProtection
      return try Setting(
        kind: "alb.deletion-protection", label: "Deletion protection of the load balancer",
        field: BalancerProtection.field, before: isProtected ? "on" : "off",
        after: isOn ? "on" : "off", guarding: isOn ? .logged : .guarded, lock: "alb:\(balancer)",
        parameters: ["balancer": balancer],
        step: Step(
          service: "elasticloadbalancing", operation: "ModifyLoadBalancerAttributes",
          words: "Turn deletion protection \(isOn ? "on" : "off")",
          parameters: [
            "LoadBalancerArn": balancer, "deletion_protection.enabled": String(isOn),
          ], recovery: .setTo),
        effects: (isOn
          ? ["Readers notice nothing. It has to be turned off before the stack can be deleted."]
          : ["From then on one command deletes what readers come in through."])
          + [Setting.driftNote],
        inverse: ["protection": isOn ? "off" : "on"]
      ).plan(for: asked)
    },
    read: { means, plan in
      let attributes = try await means.cloud.balancing.describeLoadBalancerAttributes(
        plan.parameters["balancer"] ?? "")
      return [BalancerProtection.field: attributes.deletionProtection ? "on" : "off"]
    },
    perform: { means, _, step, _ in
      try await means.cloud.balancing.putDeletionProtection(
        step.parameters["LoadBalancerArn"] ?? "",
        enabled: step.parameters["deletion_protection.enabled"] == "true")
      return "The load balancer took it."
    })
}

/// What is read of the protection.
enum BalancerProtection {
  static let field = "balancer.deletion_protection"
}
