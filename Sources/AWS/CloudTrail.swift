import Foundation

/// AWS CloudTrail: who changed what in the account.
public struct CloudTrail: Sendable {
  private let client: Client

  /// CloudTrail through a client.
  public init(_ client: Client) { self.client = client }

  /// One call that somebody made.
  public struct Event: Sendable, Equatable {
    /// CloudTrail's id of it.
    public let id: String
    /// The operation, `UpdateService`.
    public let name: String
    /// The service, `ecs.amazonaws.com`.
    public let source: String
    /// When, in milliseconds since 1970, to the second.
    public let atMs: Int64
    /// Who: a user's name or a role's session; empty where CloudTrail does not tell.
    public let user: String
    /// The ARN of who made it; empty where CloudTrail does not tell.
    public let arn: String
    /// Names and ARNs of what it was about.
    public let resources: [String]
    /// AWS's code when the call was refused; nil when it was done.
    public let errorCode: String?
  }

  /// The most pages of one look; each holds 50 events.
  static let pagesMax = 20

  private struct Input: Encodable {
    let LookupAttributes = [Attribute(AttributeKey: "ReadOnly", AttributeValue: "false")]
    let StartTime: Double
    let EndTime: Double
    let NextToken: String?

    struct Attribute: Encodable {
      let AttributeKey: String
      let AttributeValue: String
    }
  }

  private struct Page: Decodable {
    let Events: [Row]?
    let NextToken: String?

    struct Row: Decodable {
      let EventId: String
      let EventName: String
      let EventSource: String?
      let EventTime: EpochTime
      let Username: String?
      let Resources: [Resource]?
      let CloudTrailEvent: String?
    }
    struct Resource: Decodable { let ResourceName: String? }
  }

  private struct Detail: Decodable {
    let userIdentity: Identity?
    let errorCode: String?

    struct Identity: Decodable { let arn: String? }
  }

  /// LookupEvents (AWS CloudTrail API Reference): calls that changed something, newest first.
  /// Events come up to 15 minutes after the call.
  /// - Returns: at most the newest thousand.
  public func lookupEvents(fromMs: Int64, toMs: Int64) async throws(AWSError) -> [Event] {
    let operation = Operation.read(.cloudTrail, "LookupEvents")
    var events: [Event] = []
    var token: String?
    for _ in 0..<Self.pagesMax {
      let page = try await client.json(
        operation,
        Input(
          StartTime: Double(fromMs) / 1_000, EndTime: Double(toMs) / 1_000, NextToken: token),
        as: Page.self)
      events += (page.Events ?? []).map(Self.event)
      guard let next = page.NextToken, !next.isEmpty else { break }
      token = next
    }
    return events
  }

  private static func event(_ row: Page.Row) -> Event {
    let detail = row.CloudTrailEvent.flatMap {
      try? JSONDecoder().decode(Detail.self, from: Data($0.utf8))
    }
    return Event(
      id: row.EventId, name: row.EventName, source: row.EventSource ?? "",
      atMs: row.EventTime.ms, user: row.Username ?? "",
      arn: detail?.userIdentity?.arn ?? "",
      resources: (row.Resources ?? []).compactMap(\.ResourceName), errorCode: detail?.errorCode)
  }
}
