/// Amazon CloudWatch Logs: what the blog writes.
public struct Logs: Sendable {
  let client: Client

  /// CloudWatch Logs through a client.
  public init(_ client: Client) { self.client = client }

  /// A log group.
  public struct Group: Sendable, Equatable {
    /// How many days lines are kept; nil for ever.
    public let retentionInDays: Int?
    /// The bytes stored.
    public let storedBytes: Int64
  }

  private struct Prefix: Encodable {
    let logGroupNamePrefix: String
    let nextToken: String?
  }

  private struct Page: Decodable {
    let logGroups: [Row]
    let nextToken: String?

    struct Row: Decodable {
      let logGroupName: String
      let retentionInDays: Int?
      let storedBytes: Int64?
    }
  }

  /// DescribeLogGroups (Amazon CloudWatch Logs API Reference), for one group.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such group.
  public func describeLogGroup(_ name: String) async throws(AWSError) -> Group {
    let operation = Operation.read(.logs, "DescribeLogGroups")
    // Groups come by prefix, and the one may be behind others that begin with its name.
    let groups = try await client.pages(operation) { token async throws(AWSError) in
      let page = try await client.json(
        operation, Prefix(logGroupNamePrefix: name, nextToken: token), as: Page.self)
      return (page.logGroups, page.nextToken)
    }
    guard let group = groups.first(where: { $0.logGroupName == name }) else {
      throw client.failure(.notFound("There is no log group “\(name)”."), operation)
    }
    return Group(retentionInDays: group.retentionInDays, storedBytes: group.storedBytes ?? 0)
  }

  private struct Retention: Encodable {
    let logGroupName: String
    var retentionInDays: Int?
  }

  /// PutRetentionPolicy (Amazon CloudWatch Logs API Reference). Lines that are older are deleted
  /// within some days.
  /// - Parameter days: One of those CloudWatch has: 1, 3, 5, 7, 14, 30, 60, 90 and so on to 3653.
  public func putRetentionPolicy(_ group: String, days: Int) async throws(AWSError) {
    try await send(
      .write(.logs, "PutRetentionPolicy"),
      Retention(logGroupName: group, retentionInDays: days), group: group)
  }

  /// DeleteRetentionPolicy (Amazon CloudWatch Logs API Reference): lines are kept for ever.
  public func deleteRetentionPolicy(_ group: String) async throws(AWSError) {
    try await send(
      .write(.logs, "DeleteRetentionPolicy"), Retention(logGroupName: group), group: group)
  }

  /// A call that is answered with nothing.
  private func send(
    _ operation: Operation, _ input: some Encodable & Sendable, group: String
  ) async throws(AWSError) {
    do {
      _ = try await client.json(operation, body: try client.encode(input, operation))
    } catch {
      throw named(error, group: group)
    }
  }

  /// The failure, with the group's name where it is not there.
  func named(_ error: AWSError, group: String) -> AWSError {
    error.code == "ResourceNotFoundException"
      ? client.failure(.notFound("There is no log group “\(group)”."), error.operation) : error
  }
}
