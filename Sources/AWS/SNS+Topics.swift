extension SNS {
  /// CreateTopic (Amazon SNS API Reference). One of that name that is there is given back.
  /// - Returns: the topic's ARN.
  public func createTopic(_ name: String) async throws(AWSError) -> String {
    let operation = Operation.write(.sns, "CreateTopic")
    let result = try await client.query(operation, [("Name", name)])
    return try client.text("TopicArn", of: result, operation)
  }

  /// GetTopicAttributes (Amazon SNS API Reference): who may do what with a topic, as the text of a
  /// policy; nil when there is no such topic.
  public func policy(of topic: String) async throws(AWSError) -> String? {
    let operation = Operation.read(.sns, "GetTopicAttributes")
    do {
      let rows = try await client.query(operation, [("TopicArn", topic)])["Attributes"]?.children
      return rows?.first { $0.text("key") == "Policy" }?.text("value") ?? ""
    } catch {
      guard error.code == "NotFound" else { throw error }
      return nil
    }
  }

  /// SetTopicAttributes (Amazon SNS API Reference), of a topic's policy.
  public func setPolicy(_ policy: String, of topic: String) async throws(AWSError) {
    try await client.send(
      .write(.sns, "SetTopicAttributes"),
      [("TopicArn", topic), ("AttributeName", "Policy"), ("AttributeValue", policy)])
  }

  /// Subscribe (Amazon SNS API Reference). By mail it waits until the subscriber presses the link
  /// in AWS's mail; asked for again it is the same subscription.
  /// - Parameter method: `email` or `https`.
  public func subscribe(
    _ endpoint: String, by method: String, to topic: String
  ) async throws(AWSError) {
    _ = try await client.query(
      .write(.sns, "Subscribe"),
      [("TopicArn", topic), ("Protocol", method), ("Endpoint", endpoint)])
  }

  /// Publish (Amazon SNS API Reference): one message to everybody the topic tells. Sent twice it is
  /// told twice. The subject is that of mails, ASCII and at most 100 characters.
  /// - Returns: the message's id.
  @discardableResult
  public func publish(
    _ message: String, subject: String, to topic: String
  ) async throws(AWSError) -> String {
    let operation = Operation.write(.sns, "Publish")
    let result = try await client.query(
      operation, [("TopicArn", topic), ("Subject", subject), ("Message", message)])
    return try client.text("MessageId", of: result, operation)
  }
}
