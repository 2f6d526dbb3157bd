/// Elastic Load Balancing: where readers' requests come in.
public struct ElasticLoadBalancing: Sendable {
  let client: Client

  /// Elastic Load Balancing through a client.
  public init(_ client: Client) { self.client = client }

  /// A load balancer.
  public struct LoadBalancer: Sendable, Equatable {
    /// The load balancer's ARN.
    public let arn: String
    /// The load balancer's name.
    public let name: String
    /// `active`, `provisioning`, `active_impaired` or `failed`.
    public let state: String
  }

  /// What a load balancer listens on.
  public struct Listener: Sendable, Equatable {
    /// The listener's ARN.
    public let arn: String
    /// The TCP port.
    public let port: Int
    /// `HTTP` or `HTTPS`.
    public let `protocol`: String
    /// The certificates it shows, by their ARNs; none over HTTP.
    public let certificates: [String]
  }

  /// What a load balancer is set to.
  public struct Attributes: Sendable, Equatable {
    /// Whether it can't be deleted.
    public let deletionProtection: Bool
  }

  /// DescribeLoadBalancers (Elastic Load Balancing API Reference, 2015-12-01), for one.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such load balancer.
  public func describeLoadBalancer(_ arn: String) async throws(AWSError) -> LoadBalancer {
    let operation = Operation.read(.elasticLoadBalancing, "DescribeLoadBalancers")
    let result: XMLElement
    do {
      result = try await client.query(operation, [("LoadBalancerArns.member.1", arn)])
    } catch {
      throw named(error, arn)
    }
    guard let row = result.list("LoadBalancers").first else { throw missing(arn, operation) }
    return LoadBalancer(
      arn: try client.text("LoadBalancerArn", of: row, operation),
      name: try client.text("LoadBalancerName", of: row, operation),
      state: row["State"]?.text("Code") ?? "unknown")
  }

  /// DescribeListeners (Elastic Load Balancing API Reference, 2015-12-01): every listener of a load
  /// balancer.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such load balancer.
  public func describeListeners(of balancer: String) async throws(AWSError) -> [Listener] {
    let operation = Operation.read(.elasticLoadBalancing, "DescribeListeners")
    return try await list("Listeners", operation, of: balancer) { row throws(AWSError) in
      Listener(
        arn: try client.text("ListenerArn", of: row, operation),
        port: try client.integer("Port", of: row, operation),
        protocol: try client.text("Protocol", of: row, operation),
        certificates: row.list("Certificates").compactMap { $0.text("CertificateArn") })
    }
  }

  /// DescribeLoadBalancerAttributes (Elastic Load Balancing API Reference, 2015-12-01).
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such load balancer.
  public func describeLoadBalancerAttributes(
    _ balancer: String
  ) async throws(AWSError) -> Attributes {
    let operation = Operation.read(.elasticLoadBalancing, "DescribeLoadBalancerAttributes")
    do {
      let rows = try await client.query(operation, [("LoadBalancerArn", balancer)])
        .list("Attributes")
      let row = rows.first { $0.text("Key") == "deletion_protection.enabled" }
      return Attributes(deletionProtection: row?.text("Value") == "true")
    } catch {
      throw named(error, balancer)
    }
  }

  /// ModifyLoadBalancerAttributes (Elastic Load Balancing API Reference), of the protection against
  /// being deleted.
  public func putDeletionProtection(
    _ balancer: String, enabled: Bool
  ) async throws(AWSError) {
    do {
      _ = try await client.query(
        .write(.elasticLoadBalancing, "ModifyLoadBalancerAttributes"),
        [
          ("LoadBalancerArn", balancer), ("Attributes.member.1.Key", "deletion_protection.enabled"),
          ("Attributes.member.1.Value", String(enabled)),
        ])
    } catch {
      throw named(error, balancer)
    }
  }

  /// Every entry of a list of a load balancer, page after page.
  func list<Entry>(
    _ name: String, _ operation: Operation, of balancer: String,
    _ read: (XMLElement) throws(AWSError) -> Entry
  ) async throws(AWSError) -> [Entry] {
    do {
      return try await client.list(
        name, operation, [("LoadBalancerArn", balancer)], by: ("Marker", "NextMarker"), read)
    } catch {
      throw named(error, balancer)
    }
  }

  private func named(_ error: AWSError, _ balancer: String) -> AWSError {
    error.code == "LoadBalancerNotFound" ? missing(balancer, error.operation) : error
  }

  private func missing(_ balancer: String, _ operation: Operation) -> AWSError {
    client.failure(.notFound("There is no load balancer “\(balancer)”."), operation)
  }
}
