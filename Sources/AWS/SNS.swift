/// Amazon Simple Notification Service: whom alarms tell.
public struct SNS: Sendable {
  let client: Client

  /// SNS through a client.
  public init(_ client: Client) { self.client = client }

  /// Somebody, or something, that a topic tells.
  public struct Subscription: Sendable, Equatable {
    /// The subscription's ARN; nil while it waits to be confirmed.
    public let arn: String?
    /// `email`, `https`, `lambda` and the like.
    public let `protocol`: String
    /// The address it tells.
    public let endpoint: String

    /// Whether it waits for its subscriber to confirm it. Until then it is told nothing.
    public var isPending: Bool { arn == nil }
  }

  /// ListSubscriptionsByTopic (Amazon SNS API Reference), every page.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such topic.
  public func listSubscriptions(of topic: String) async throws(AWSError) -> [Subscription] {
    let operation = Operation.read(.sns, "ListSubscriptionsByTopic")
    do {
      return try await client.list("Subscriptions", operation, [("TopicArn", topic)]) {
        Subscription($0)
      }.compactMap(\.self)
    } catch {
      guard error.code == "NotFound" else { throw error }
      throw client.failure(.notFound("There is no topic “\(topic)”."), operation)
    }
  }
}

extension SNS.Subscription {
  /// Nil for one that has ended. While it waits, and after its end, a word stands in place of the
  /// ARN.
  fileprivate init?(_ row: XMLElement) {
    let arn = row.text("SubscriptionArn") ?? ""
    guard arn != "Deleted" else { return nil }
    self.init(
      arn: arn.hasPrefix("arn:") ? arn : nil, protocol: row.text("Protocol") ?? "",
      endpoint: row.text("Endpoint") ?? "")
  }
}
