import AWS
import Rules

// What the answers of Elastic Load Balancing and EC2 mean as facts.

extension Cloud {
  /// The load balancer with its targets.
  func balancerFacts(_ arn: String) async throws -> BalancerFacts {
    async let described = balancing.describeLoadBalancer(arn)
    async let listeners = balancing.describeListeners(of: arn)
    async let attributes = balancing.describeLoadBalancerAttributes(arn)
    async let groups = balancing.describeTargetGroups(of: arn)
    let all = try await groups
    let targets = try await withThrowingTaskGroup { tasks in
      for group in all {
        tasks.addTask {
          try await balancing.describeTargetHealth(group.arn).map(TargetSummary.init)
        }
      }
      return try await tasks.reduce(into: [TargetSummary]()) { $0 += $1 }
    }
    let balancer = try await described
    return BalancerFacts(
      name: balancer.name, state: balancer.state, targets: targets.sorted { $0.id < $1.id },
      listeners: try await listeners.sorted { $0.port < $1.port }.map {
        "\($0.protocol) \($0.port)"
      },
      protectsDeletion: try await attributes.deletionProtection)
  }

  /// The NAT gateways of the stack. One that EC2 has forgotten was deleted.
  func networkFacts(_ ids: [String]) async throws -> NetworkFacts {
    guard !ids.isEmpty else { return NetworkFacts(gateways: [:]) }
    let found = try await ec2.describeNATGateways(ids)
    let deleted = Dictionary(ids.map { ($0, "deleted") }) { first, _ in first }
    return NetworkFacts(
      gateways: deleted.merging(found.map { ($0.id, $0.state) }) { _, state in state })
  }
}

extension TargetSummary {
  fileprivate init(_ target: ElasticLoadBalancing.Target) {
    self.init(
      id: target.port.map { "\(target.id):\($0)" } ?? target.id, state: target.state,
      reason: target.description ?? target.reason ?? "")
  }
}
