import Foundation

extension AWSError.Reason {
  /// What an answer other than 200 to 299 says. AWS has five forms: JSON with `__type` or a
  /// header, XML `ErrorResponse/Error`, EC2's `Response/Errors/Error`, S3's XML `Error`, and Route
  /// 53's XML `InvalidChangeBatch`. Anything else, the page of a proxy say, is named by its status.
  /// - Parameter clean: takes out of its words what is not to be shown or kept.
  static func of(
    _ answer: HTTPAnswer, clean: (String) -> String = { $0 }
  ) -> AWSError.Reason {
    let error = json(answer) ?? xml(answer)
    let headerCode = answer.header("x-amzn-errortype").map(shortCode)
    let requestID =
      answer.header("x-amzn-requestid") ?? answer.header("x-amz-request-id") ?? error?.requestID
    let code = [headerCode, error?.code].compactMap { $0 }.first { !$0.isEmpty }
    return .service(
      code: clean(code ?? "HTTP \(answer.status)"), message: clean(error?.message ?? ""),
      status: answer.status, requestID: clean(printable(requestID ?? "")))
  }

  private struct Parts {
    var code = ""
    var message = ""
    var requestID = ""
  }

  private static func json(_ answer: HTTPAnswer) -> Parts? {
    struct Body: Decodable {
      var type: String?
      var code: String?
      var message: String?
      var capitalMessage: String?
      enum CodingKeys: String, CodingKey {
        case type = "__type"
        case code, message
        case capitalMessage = "Message"
      }
    }
    guard let body = try? JSONDecoder().decode(Body.self, from: Data(answer.body)) else {
      return nil
    }
    return Parts(
      code: shortCode(body.type ?? body.code ?? ""),
      message: printable(body.message ?? body.capitalMessage ?? ""))
  }

  private static func xml(_ answer: HTTPAnswer) -> Parts? {
    guard let root = XMLElement.parse(answer.body) else { return nil }
    if root.name == "InvalidChangeBatch" {
      let messages = root.list("Messages").map(\.text).joined(separator: " ")
      return Parts(
        code: root.name, message: printable(messages), requestID: root.text("RequestId") ?? "")
    }
    guard let error = root.name == "Error" ? root : root["Error"] ?? root.list("Errors").first
    else { return nil }
    let requestID = root.text("RequestId") ?? root.text("RequestID") ?? error.text("RequestId")
    return Parts(
      code: shortCode(error.text("Code") ?? ""), message: printable(error.text("Message") ?? ""),
      requestID: requestID ?? "")
  }

  /// `ThrottlingException` of `com.amazonaws.ecs#ThrottlingException:http://…`.
  private static func shortCode(_ text: String) -> String {
    let name = text.split(separator: ":").first.map(String.init) ?? text
    return printable(name.split(separator: "#").last.map(String.init) ?? name)
  }

  /// Outside words on one line.
  private static func printable(_ text: String) -> String {
    String(
      text.unicodeScalars.map {
        $0.properties.generalCategory == .control ? " " : Character($0)
      })
  }
}
