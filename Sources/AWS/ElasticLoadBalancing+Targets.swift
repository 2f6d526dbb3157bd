extension ElasticLoadBalancing {
  /// Targets that requests are sent to.
  public struct TargetGroup: Sendable, Equatable {
    /// The group's ARN.
    public let arn: String
    /// The group's name.
    public let name: String
  }

  /// One target and whether it answers.
  public struct Target: Sendable, Equatable {
    /// Its address, or the id of its machine.
    public let id: String
    /// The TCP port; nil where the target has none.
    public let port: Int?
    /// `healthy`, `initial`, `unhealthy`, `draining`, `unused` or `unavailable`.
    public let state: String
    /// `Target.Timeout` and the like; nil for a healthy one.
    public let reason: String?
    /// The reason in AWS's words; nil for a healthy one.
    public let description: String?
  }

  /// DescribeTargetGroups (Elastic Load Balancing API Reference, 2015-12-01): every group of a load
  /// balancer.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such load balancer.
  public func describeTargetGroups(of balancer: String) async throws(AWSError) -> [TargetGroup] {
    let operation = Operation.read(.elasticLoadBalancing, "DescribeTargetGroups")
    return try await list("TargetGroups", operation, of: balancer) { row throws(AWSError) in
      TargetGroup(
        arn: try client.text("TargetGroupArn", of: row, operation),
        name: try client.text("TargetGroupName", of: row, operation))
    }
  }

  /// DescribeTargetHealth (Elastic Load Balancing API Reference, 2015-12-01): every target of a
  /// group, those too that are leaving it.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such group.
  public func describeTargetHealth(_ group: String) async throws(AWSError) -> [Target] {
    let operation = Operation.read(.elasticLoadBalancing, "DescribeTargetHealth")
    let result: XMLElement
    do {
      result = try await client.query(operation, [("TargetGroupArn", group)])
    } catch {
      guard error.code == "TargetGroupNotFound" else { throw error }
      throw client.failure(.notFound("There is no target group “\(group)”."), operation)
    }
    return result.list("TargetHealthDescriptions").map { row in
      let health = row["TargetHealth"]
      return Target(
        id: row["Target"]?.text("Id") ?? "",
        port: row["Target"]?.text("Port").flatMap { Int($0) },
        state: health?.text("State") ?? "unknown", reason: health?.text("Reason"),
        description: health?.text("Description"))
    }
  }
}
