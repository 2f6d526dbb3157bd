import Foundation

extension Client {
  /// The most pages that a list is followed for. Each has at least tens of entries, so a stack
  /// that needs more is not one that this portal is for; the limit ends a list that never ends.
  static let pagesMax = 200

  /// Query protocol, or EC2's: form fields out, XML back.
  /// - Returns: the element that holds what the operation gives.
  func query(
    _ operation: Operation, _ fields: [(String, String)] = []
  ) async throws(AWSError) -> XMLElement {
    let root = try await response(to: operation, fields)
    let isBare = if case .ec2 = operation.api.wire { true } else { false }
    guard let result = isBare ? root : root["\(operation.name)Result"] else {
      throw failure(.unreadable("it is not a \(operation.name)Response"), operation)
    }
    return result
  }

  /// Query protocol, of an operation that gives nothing back.
  func send(_ operation: Operation, _ fields: [(String, String)]) async throws(AWSError) {
    _ = try await response(to: operation, fields)
  }

  private func response(
    to operation: Operation, _ fields: [(String, String)]
  ) async throws(AWSError) -> XMLElement {
    let version: String
    switch operation.api.wire {
    case .query(let named), .ec2(let named): version = named
    default: preconditionFailure("\(operation.action) does not speak the query protocol")
    }
    let form = [("Action", operation.name), ("Version", version)] + fields
    let answer = try await answer(
      to: Request(
        operation: operation,
        headers: [
          HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        ],
        body: Array(Self.form(form).utf8)))
    let root = try xml(answer, operation)
    guard root.name == "\(operation.name)Response" else {
      throw failure(.unreadable("it is not a \(operation.name)Response"), operation)
    }
    return root
  }

  /// JSON 1.1 protocol.
  func json<Output: Decodable>(
    _ operation: Operation, _ input: some Encodable & Sendable, as output: Output.Type
  ) async throws(AWSError) -> Output {
    try decode(output, try await json(operation, body: try encode(input, operation)), operation)
  }

  /// JSON 1.1 protocol, bytes in and out.
  func json(_ operation: Operation, body: [UInt8]) async throws(AWSError) -> [UInt8] {
    guard case .json(let target) = operation.api.wire else {
      preconditionFailure("\(operation.action) does not speak the JSON protocol")
    }
    return try await answer(
      to: Request(
        operation: operation,
        headers: [
          HTTPHeader("Content-Type", "application/x-amz-json-1.1"),
          HTTPHeader("X-Amz-Target", "\(target).\(operation.name)"),
        ], body: body)
    ).body
  }

  /// Reads a whole list, page after page.
  /// - Parameter read: Gives one page's entries and the next page's token; nil or empty ends it.
  func pages<Entry>(
    _ operation: Operation,
    _ read: (_ token: String?) async throws(AWSError) -> (entries: [Entry], next: String?)
  ) async throws(AWSError) -> [Entry] {
    var entries: [Entry] = []
    var token: String?
    for _ in 0..<Self.pagesMax {
      let page = try await read(token)
      entries += page.entries
      guard let next = page.next, !next.isEmpty else { return entries }
      guard next != token else {
        throw failure(.unreadable("its list comes back to the same page"), operation)
      }
      token = next
    }
    throw failure(.unreadable("its list has more than \(Self.pagesMax) pages"), operation)
  }

  /// Query protocol: every entry of a list, page after page.
  /// - Parameter marker: The field that asks for a page, and the member that names the next one.
  func list<Entry>(
    _ name: String, _ operation: Operation, _ fields: [(String, String)],
    by marker: (field: String, member: String) = ("NextToken", "NextToken"),
    _ read: (XMLElement) throws(AWSError) -> Entry
  ) async throws(AWSError) -> [Entry] {
    try await pages(operation) { token async throws(AWSError) in
      let page = try await query(operation, fields + (token.map { [(marker.field, $0)] } ?? []))
      var entries: [Entry] = []
      for row in page.list(name) { entries.append(try read(row)) }
      return (entries, page.text(marker.member))
    }
  }

  func xml(_ answer: HTTPAnswer, _ operation: Operation) throws(AWSError) -> XMLElement {
    guard let root = XMLElement.parse(answer.body) else {
      throw failure(.unreadable("it is not well-formed XML"), operation)
    }
    return root
  }

  /// The text of a child that AWS always sends.
  func text(
    _ name: String, of element: XMLElement, _ operation: Operation
  ) throws(AWSError) -> String {
    guard let text = element.text(name) else {
      throw failure(.unreadable("“\(name)” is missing"), operation)
    }
    return text
  }

  /// The whole number in a child that AWS always sends.
  func integer(
    _ name: String, of element: XMLElement, _ operation: Operation
  ) throws(AWSError) -> Int {
    guard let value = Int(try text(name, of: element, operation)) else {
      throw failure(.unreadable("“\(name)” is not a number"), operation)
    }
    return value
  }

  /// The yes or no in a child that AWS always sends.
  func bool(
    _ name: String, of element: XMLElement, _ operation: Operation
  ) throws(AWSError) -> Bool {
    switch try text(name, of: element, operation).lowercased() {
    case "true": true
    case "false": false
    default: throw failure(.unreadable("“\(name)” is neither true nor false"), operation)
    }
  }

  func encode(
    _ input: some Encodable, _ operation: Operation
  ) throws(AWSError) -> [UInt8] {
    do { return Array(try JSONEncoder().encode(input)) } catch {
      throw failure(.misconfigured("its parameters can't be written as JSON."), operation)
    }
  }

  func decode<Output: Decodable>(
    _ output: Output.Type, _ body: [UInt8], _ operation: Operation
  ) throws(AWSError) -> Output {
    do { return try JSONDecoder().decode(output, from: Data(body)) } catch {
      throw failure(.unreadable(Self.words(error)), operation)
    }
  }

  /// Where JSON was not as expected, without its values.
  private static func words(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "“\((context.codingPath + [key]).map(\.stringValue).joined(separator: "."))” is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      Self.isOfAnotherKind(context.codingPath)
    // A value that is none of its kind, such as a date that no clock shows.
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      Self.isOfAnotherKind(context.codingPath)
    default: "it is not JSON"
    }
  }

  private static func isOfAnotherKind(_ path: [any CodingKey]) -> String {
    "“\(path.map(\.stringValue).joined(separator: "."))” is of another kind"
  }

  private static func form(_ fields: [(String, String)]) -> String {
    fields.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }
      .joined(separator: "&")
  }
}
