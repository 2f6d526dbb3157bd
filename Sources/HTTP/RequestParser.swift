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
    case complete(Request, keepsAlive: Bool)
  }

  private enum Phase {
    case requestLine
    case fields(RequestHead)
    case sized(RequestHead, length: Int)
    case chunked(RequestHead, ChunkedBody)
  }

  private let limits: Limits
  private let peerAddress: String
  private var input = InputBuffer()
  private var phase = Phase.requestLine
  private var hasSkippedLine = false
  private var section = FieldSection()
  private var keepsAlive = true
  private var body: [UInt8] = []

  init(limits: Limits, peerAddress: String) {
    self.limits = limits
    self.peerAddress = peerAddress
  }

  var stage: Stage {
    switch phase {
    case .requestLine: input.isEmpty ? .idle : .head
    case .fields: .head
    case .sized, .chunked: .body
    }
  }

  /// Whether the request being read is a HEAD, so that a refusal has no body either.
  var isHead: Bool {
    switch phase {
    case .requestLine: false
    case .fields(let head), .sized(let head, _), .chunked(let head, _): head.method == .head
    }
  }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) { input.append(bytes) }

  /// Frees memory while the connection waits for a request.
  mutating func shrink() { input.shrink() }

  /// The next step that the bytes so far allow. After an error there is none.
  mutating func next() throws(RequestProblem) -> Step {
    while true {
      switch phase {
      case .requestLine:
        guard try readRequestLine() else { return .incomplete }
      case .fields(let head):
        guard
          let line = try input.line(
            lengthMax: max(0, limits.headerBytesMax - section.bytes), tooLong: .headTooLarge)
        else { return .incomplete }
        if !line.isEmpty {
          let bytes = input.bytes
          try section.add(bytes.span.extracting(line), limits: limits)
        } else if try beginBody(of: head) {
          return .awaitsBody
        }
      case .sized(let head, let length):
        let left = length - input.take(length, into: &body)
        phase = .sized(head, length: left)
        return left == 0 ? complete(head) : .incomplete
      case .chunked(let head, var chunks):
        let isComplete = try chunks.read(from: &input, into: &body, limits: limits)
        phase = .chunked(head, chunks)
        return isComplete ? complete(head) : .incomplete
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
      phase = .fields(try RequestHead(input.bytes.span.extracting(line)))
    }
    return true
  }

  /// Gives whether the client waits for a go-ahead.
  private mutating func beginBody(of head: RequestHead) throws(RequestProblem) -> Bool {
    let framing = try Framing(head, section, limits: limits)
    keepsAlive = framing.keepsAlive
    switch framing.body {
    case .length(let length): phase = .sized(head, length: length)
    case .chunked: phase = .chunked(head, ChunkedBody())
    }
    return framing.expectsContinue
  }

  private mutating func complete(_ head: RequestHead) -> Step {
    let request = Request(
      method: head.method, path: head.path, query: head.query, target: head.target,
      headers: section.fields, body: body, peerAddress: peerAddress)
    phase = .requestLine
    hasSkippedLine = false
    section = FieldSection()
    body = []
    return .complete(request, keepsAlive: keepsAlive)
  }
}
