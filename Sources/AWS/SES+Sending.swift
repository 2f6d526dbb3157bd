extension SES {
  private struct Message: Encodable {
    let FromEmailAddress: String
    let Destination: Receivers
    let Content: Content

    struct Receivers: Encodable { let ToAddresses: [String] }
    struct Content: Encodable { let Simple: Simple }
    struct Simple: Encodable {
      let Subject: Text
      let Body: Body
      let Headers: [Header]?
    }
    struct Body: Encodable { let Text: Text }
    struct Text: Encodable {
      let Data: String
      let Charset = "UTF-8"
    }
    struct Header: Encodable {
      let Name: String
      let Value: String
    }
  }

  private struct Sent: Decodable { let MessageId: String? }

  /// SendEmail (Amazon SES API v2 Reference), of plain text. Sent twice it arrives twice.
  /// - Parameter headers: headers beside those SES makes.
  /// - Returns: the message's id.
  public func sendEmail(
    from: String, to: String, subject: String, text: String,
    headers: [(name: String, value: String)] = []
  ) async throws(AWSError) -> String {
    let operation = Operation.write(.ses, "SendEmail")
    let message = Message(
  private struct Letter: Encodable {
    let FromEmailAddress: String
    let Destination: Destination
    let Content: Content

    struct Destination: Encodable { let ToAddresses: [String] }
    struct Content: Encodable { let Simple: Simple }

    struct Simple: Encodable {
      let Subject: Words
      let Body: Body
      let Headers: [Field]
    }

    struct Body: Encodable { let Text: Words }
    struct Field: Encodable { let Name, Value: String }

    struct Words: Encodable {
      let Data: String
      let Charset = "UTF-8"
    }
  }

  /// SendEmail (Amazon SES API v2 Reference): one mail in plain text. SES gives it a Message-ID of
  /// its own, and accepts what may still bounce.
  public func sendEmail(
    from: String, to: String, subject: String, text: String, headers: [HTTPHeader]
  ) async throws(AWSError) {
    let operation = Operation.write(.ses, "SendEmail")
    let letter = Letter(
      FromEmailAddress: from, Destination: .init(ToAddresses: [to]),
      Content: .init(
        Simple: .init(
          Subject: .init(Data: subject), Body: .init(Text: .init(Data: text)),
          Headers: headers.isEmpty
            ? nil : headers.map { Message.Header(Name: $0.name, Value: $0.value) })))
    let body = try await client.answer(
      to: Request(
        operation: operation, method: "POST", path: "/v2/email/outbound-emails",
        headers: [HTTPHeader("Content-Type", "application/json")],
        body: try client.encode(message, operation))
    ).body
    return try client.decode(Sent.self, body, operation).MessageId ?? ""
          Headers: headers.map { .init(Name: $0.name, Value: $0.value) })))
    _ = try await client.answer(
      to: Request(
        operation: operation, path: "/v2/email/outbound-emails",
        headers: [HTTPHeader("Content-Type", "application/json")],
        body: try client.encode(letter, operation)))
  }
}
