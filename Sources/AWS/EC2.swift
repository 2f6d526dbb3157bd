/// Amazon Elastic Compute Cloud: of its network, the way out of private subnets.
public struct EC2: Sendable {
  private let client: Client

  /// EC2 through a client.
  public init(_ client: Client) { self.client = client }

  /// A NAT gateway.
  public struct NATGateway: Sendable, Equatable {
    /// `nat-…`.
    public let id: String
    /// `pending`, `failed`, `available`, `deleting` or `deleted`.
    public let state: String
    /// Why it failed, in AWS's words; nil when it has not.
    public let failure: String?
    /// The subnet it is in.
    public let subnet: String?
  }

  /// DescribeNatGateways (Amazon EC2 API Reference), every page. Those that are not there are left
  /// out; one that was deleted is still told of for about an hour.
  /// - Parameter ids: 1 to 200.
  public func describeNATGateways(_ ids: [String]) async throws(AWSError) -> [NATGateway] {
    let operation = Operation.read(.ec2, "DescribeNatGateways")
    // By a filter: asked for by its id, one that is not there would fail them all.
    let filter =
      [("Filter.1.Name", "nat-gateway-id")]
      + ids.enumerated().map { ("Filter.1.Value.\($0.offset + 1)", $0.element) }
    return try await client.list(
      "natGatewaySet", operation, filter, by: ("NextToken", "nextToken")
    ) { row throws(AWSError) in
      NATGateway(
        id: try client.text("natGatewayId", of: row, operation),
        state: try client.text("state", of: row, operation),
        failure: row.text("failureMessage"), subnet: row.text("subnetId"))
    }
  }
}
