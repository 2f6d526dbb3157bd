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

  /// ListTopics (Amazon SNS API Reference): the ARNs of the region's topics, every page.
  public func listTopics() async throws(AWSError) -> [String] {
    try await list("Topics", .read(.sns, "ListTopics"), []) { $0.text("TopicArn") }
  }

  /// ListSubscriptionsByTopic (Amazon SNS API Reference), every page.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such topic.
  public func listSubscriptions(of topic: String) async throws(AWSError) -> [Subscription] {
    let operation = Operation.read(.sns, "ListSubscriptionsByTopic")
    do {
      return try await list("Subscriptions", operation, [("TopicArn", topic)]) { row in
        // While it waits, and after its end, a word stands in place of the ARN.
        let arn = row.text("SubscriptionArn") ?? ""
        return arn == "Deleted"
          ? nil
          : Subscription(
            arn: arn.hasPrefix("arn:") ? arn : nil, protocol: row.text("Protocol") ?? "",
            endpoint: row.text("Endpoint") ?? "")
      }
    } catch {
      guard error.code == "NotFound" else { throw error }
      throw client.failure(.notFound("There is no topic “\(topic)”."), operation)
    }
  }

  /// Every entry of a list, page after page.
  private func list<Entry>(
    _ name: String, _ operation: Operation, _ fields: [(String, String)],
    _ read: (XMLElement) -> Entry?
  ) async throws(AWSError) -> [Entry] {
    try await client.pages(operation) { token async throws(AWSError) in
      let result = try await client.query(
        operation, fields + (token.map { [("NextToken", $0)] } ?? []))
      return (result.list(name).compactMap(read), result.text("NextToken"))
    }
  }
}
