import HTTPTypes

/// Turns bytes into requests, one after the other. Refuses whatever two readers could understand
/// differently, since that is how requests are smuggled (RFC 9112 §11.2).
struct RequestParser {
  /// What the next bytes belong to; timeouts depend on it.
  enum Stage { case idle, head, body }

  enum Step {
    /// More bytes are needed.
    case incomplete
    /// The head has come, and the client waits for "100 Continue".
    case awaitsBody
    /// The head has come, and the body would go to a file: it is read once that is allowed.
    case asksAdmission(Request, expectsContinue: Bool)
    /// A part of a body that goes to a file.
    case block([UInt8])
    case complete(Request, keepsAlive: Bool)
  }

  private enum Phase {
    case requestLine
    case fields
    case sized(length: Int)
    case chunked(ChunkedBody)
  }

  private let limits: Limits
  private let uploads: Uploads?
  private let peerAddress: String
  private let isSecure: Bool
  private var input = InputBuffer()
  private var phase = Phase.requestLine
  /// Of the request being read, once it has come.
  private var head: RequestHead?
  private var hasSkippedLine = false
  private var section = FieldSection()
  private var keepsAlive = true
  /// Of the last request whose head has come: 0 for HTTP/1.0.
  private(set) var minorVersion = 1
  private var sink: BodySink

  init(limits: Limits, uploads: Uploads? = nil, peerAddress: String, isSecure: Bool = false) {
    self.limits = limits
    self.uploads = uploads
    sink = Self.memory(limits)
    self.peerAddress = peerAddress
    self.isSecure = isSecure
  }

  var stage: Stage {
    switch phase {
    case .requestLine: input.isEmpty ? .idle : .head
    case .fields: .head
    case .sized, .chunked: .body
    }
  }

  /// Whether the request being read is a HEAD, so that a refusal has no body either.
  var isHead: Bool { head?.method == .head }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) { input.append(bytes) }

  /// Frees memory while the connection waits for a request.
  mutating func shrink() { input.shrink() }

  /// The next step that the bytes so far allow. After an error there is none.
  mutating func next() throws(RequestProblem) -> Step {
    while true {
      switch phase {
      case .requestLine:
        guard try readRequestLine() else { return .incomplete }
      case .fields:
        guard
          let line = try input.line(
            lengthMax: max(0, limits.headerBytesMax - section.bytes), tooLong: .headTooLarge)
        else { return .incomplete }
        if !line.isEmpty {
          let bytes = input.bytes
          try section.add(bytes.span.extracting(line), limits: limits)
        } else if let step = try beginBody() {
          return step
        }
      case .sized(let length):
        let left = length - sink.take(length, from: &input)
        phase = .sized(length: left)
        if let block = sink.block(isLast: left == 0) { return .block(block) }
        return left == 0 ? complete() : .incomplete
      case .chunked(var chunks):
        let isComplete = try chunks.read(from: &input, into: &sink, limits: limits)
        phase = .chunked(chunks)
        if let block = sink.block(isLast: isComplete) { return .block(block) }
        return isComplete ? complete() : .incomplete
      }
    }
  }

  private mutating func readRequestLine() throws(RequestProblem) -> Bool {
    guard let line = try input.line(lengthMax: limits.requestLineBytesMax, tooLong: .lineTooLong)
    else { return false }
    if line.isEmpty, !hasSkippedLine {
      // Some old clients send a line end too many (RFC 9112 §2.2).
      hasSkippedLine = true
    } else {
      head = try RequestHead(input.bytes.span.extracting(line))
      phase = .fields
    }
    return true
  }

  /// Gives what has to be done before the body is read; nil for nothing.
  private mutating func beginBody() throws(RequestProblem) -> Step? {
    guard let head else { return nil }
    let framing = try Framing(head, section)
    keepsAlive = framing.keepsAlive
    minorVersion = head.minorVersion
    var goesToFile = false
    if framing.hasBody, let uploads { goesToFile = uploads.takes(head.method, head.path) }
    if goesToFile {
      sink = BodySink(bytesMax: limits.uploadBytesMax, blockBytes: max(1, limits.uploadBlockBytes))
    }
    switch framing.body {
    case .length(let length):
      guard length <= sink.bytesMax else { throw .bodyTooLarge }
      phase = .sized(length: length)
    case .chunked: phase = .chunked(ChunkedBody())
    }
    if goesToFile {
      return .asksAdmission(request(head), expectsContinue: framing.expectsContinue)
    }
    return framing.expectsContinue ? .awaitsBody : nil
  }

  private mutating func complete() -> Step {
    guard let head else { return .incomplete }
    let request = request(head)
    phase = .requestLine
    self.head = nil
    hasSkippedLine = false
    section = FieldSection()
    sink = Self.memory(limits)
    return .complete(request, keepsAlive: keepsAlive)
  }

  private func request(_ head: RequestHead) -> Request {
    Request(
      method: head.method, path: head.path, query: head.query, target: head.target,
      headers: section.fields, body: sink.bytes, peerAddress: peerAddress,
      isSecure: isSecure)
  }

  private static func memory(_ limits: Limits) -> BodySink {
    BodySink(bytesMax: limits.bodyBytesMax, blockBytes: nil)
  }
}
