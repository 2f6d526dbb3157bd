/// Amazon EventBridge: rules that tell somebody of what happens in the account.
public struct EventBridge: Sendable {
  private let client: Client

  /// EventBridge through a client.
  public init(_ client: Client) { self.client = client }

  /// A rule on the default bus.
  public struct Rule: Sendable, Equatable {
    /// Which events it is for, as JSON.
    public let pattern: String
    /// Whether it is on.
    public let isEnabled: Bool
  }

  private struct Name: Encodable { let Name: String }

  private struct Described: Decodable {
    let EventPattern: String?
    let State: String?
  }

  /// DescribeRule (Amazon EventBridge API Reference); nil when there is no such rule.
  public func describeRule(_ name: String) async throws(AWSError) -> Rule? {
    do {
      let rule = try await client.json(
        .read(.events, "DescribeRule"), Name(Name: name), as: Described.self)
      return Rule(pattern: rule.EventPattern ?? "", isEnabled: rule.State == "ENABLED")
    } catch {
      guard error.code == "ResourceNotFoundException" else { throw error }
      return nil
    }
  }

  private struct RuleTargets: Encodable {
    let Rule: String
    let NextToken: String?
  }

  private struct Target: Codable {
    let Id: String
    let Arn: String
  }

  private struct Listed: Decodable {
    let Targets: [Target]?
    let NextToken: String?
  }

  /// ListTargetsByRule (Amazon EventBridge API Reference), every page.
  /// - Returns: whom a rule tells, by their ARNs.
  public func listTargets(of rule: String) async throws(AWSError) -> [String] {
    let operation = Operation.read(.events, "ListTargetsByRule")
    return try await client.pages(operation) { token async throws(AWSError) in
      let page = try await client.json(
        operation, RuleTargets(Rule: rule, NextToken: token), as: Listed.self)
      return ((page.Targets ?? []).map(\.Arn), page.NextToken)
    }
  }

  private struct NewRule: Encodable {
    let Name: String
    let Description: String
    let EventPattern: String
    let State = "ENABLED"
  }

  private struct Made: Decodable { let RuleArn: String? }

  /// PutRule (Amazon EventBridge API Reference): makes a rule, or replaces what it is for.
  public func putRule(
    _ name: String, description: String, pattern: String
  ) async throws(AWSError) {
    _ = try await client.json(
      .write(.events, "PutRule"),
      NewRule(Name: name, Description: description, EventPattern: pattern), as: Made.self)
  }

  private struct NewTargets: Encodable {
    let Rule: String
    let Targets: [Target]
  }

  private struct Refused: Decodable {
    let FailedEntryCount: Int64?
    let FailedEntries: [Entry]?

    struct Entry: Decodable { let ErrorMessage: String? }
  }

  /// PutTargets (Amazon EventBridge API Reference), of one target with an id of its own.
  public func putTarget(_ arn: String, id: String, of rule: String) async throws(AWSError) {
    let operation = Operation.write(.events, "PutTargets")
    let answer = try await client.json(
      operation, NewTargets(Rule: rule, Targets: [Target(Id: id, Arn: arn)]), as: Refused.self)
    guard answer.FailedEntryCount ?? 0 == 0 else {
      let why = answer.FailedEntries?.first?.ErrorMessage ?? "no reason given"
      throw client.failure(
        .service(code: "FailedEntry", message: why, status: 400, requestID: ""), operation)
    }
  }
}
