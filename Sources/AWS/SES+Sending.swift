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
  /// - Parameter headers: headers beside those SES makes; its Message-ID is its own.
  /// - Returns: the message's id.
  @discardableResult
  public func sendEmail(
    from: String, to: String, subject: String, text: String,
    headers: [HTTPHeader] = []
  ) async throws(AWSError) -> String {
    let operation = Operation.write(.ses, "SendEmail")
    let message = Message(
      FromEmailAddress: from, Destination: .init(ToAddresses: [to]),
      Content: .init(
        Simple: .init(
          Subject: .init(Data: subject), Body: .init(Text: .init(Data: text)),
          Headers: headers.isEmpty
            ? nil : headers.map { Message.Header(Name: $0.name, Value: $0.value) })))
    let body = try await send(operation, "POST", "outbound-emails", message)
    return try client.decode(Sent.self, body, operation).MessageId ?? ""
  }
}
