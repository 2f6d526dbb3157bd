import HTTPTypes

/// The field lines of a head or of trailers (RFC 9112 §5), and what they say about the message.
struct FieldSection {
  private(set) var fields: HTTPFields = [:]
  private(set) var bytes = 0
  private(set) var host: String?
  private(set) var contentLength: Int?
  /// Several fields joined by commas.
  private(set) var transferEncoding: String?
  private(set) var wantsClose = false
  private(set) var wantsKeepAlive = false
  private(set) var expectsContinue = false
  private(set) var hasUnknownExpectation = false

  /// Adds one line without its line end.
  mutating func add(_ line: Span<UInt8>, limits: Limits) throws(RequestProblem) {
    bytes += line.count + 2
    guard fields.count < limits.headerFieldsMax else { throw .tooManyFields }
    guard line[0] != .space, line[0] != .tab else {
      throw .bad("A header field is folded over two lines.")
    }
    guard let colon = line.firstIndex(of: .colon) else {
      throw .bad("A header field has no colon.")
    }
    // A space before the colon is no token character either (RFC 9112 §5.1).
    guard let name = HTTPField.Name(line.extracting(0..<colon).text) else {
      throw .bad("The name of a header field is not a token.")
    }
    let rest = line.extracting(colon + 1..<line.count)
    let value = rest.extracting(rest.trimmedRange)
    for index in value.indices where value[index].isControl && value[index] != .tab {
      throw .bad("A header field has a control character.")
    }
    try note(name.canonicalName, value)
    fields.append(value.withUnsafeBufferPointer { HTTPField(name: name, value: $0) })
  }

  /// Keeps what decides about the message itself.
  private mutating func note(_ name: String, _ value: Span<UInt8>) throws(RequestProblem) {
    switch name {
    case "host":
      guard host == nil else { throw .bad("There is more than one Host.") }
      guard Host.isValid(value) else { throw .bad("Host is not a host.") }
      host = value.text
    case "content-length":
      // RFC 9112 §6.3 allows equal repetitions to be merged; refusing is allowed as well, and safe.
      guard contentLength == nil else { throw .bad("There is more than one Content-Length.") }
      guard let length = value.decimal else { throw .bad("Content-Length is not a number.") }
      contentLength = length
    case "transfer-encoding":
      transferEncoding = (transferEncoding.map { $0 + "," } ?? "") + value.text.lowercased()
    case "content_length", "transfer_encoding":
      // Gateways that hand fields on as variables make one name of both.
      throw .bad("The name of a header field looks like that of another.")
    case "connection":
      noteConnection(value)
    case "expect":
      if value.matches("100-continue") {
        expectsContinue = true
      } else {
        hasUnknownExpectation = true
      }
    default: break
    }
  }

  private mutating func noteConnection(_ value: Span<UInt8>) {
    var start = 0
    for end in 0..<value.count + 1 where end == value.count || value[end] == UInt8(ascii: ",") {
      let part = value.extracting(start..<end)
      let option = part.extracting(part.trimmedRange)
      if option.matches("close") { wantsClose = true }
      if option.matches("keep-alive") { wantsKeepAlive = true }
      start = end + 1
    }
  }
}
