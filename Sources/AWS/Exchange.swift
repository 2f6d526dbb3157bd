internal import CCurl

/// One request and the answer to it as it arrives.
// Sendable because only one thread at a time has it: the caller's until it is posted, the
// transport's thread from then on. The inbox's lock guards the handing over. A cancelling thread
// passes the reference on and looks at nothing.
final class Exchange: @unchecked Sendable {
  typealias Outcome = Result<HTTPAnswer, TransportProblem>

  /// Most bytes of an answer's header fields.
  static let headerBytesMax = 64 << 10

  let call: HTTPCall
  var continuation: CheckedContinuation<Outcome, Never>?
  var isCancelled = false
  var certificateUntilMs: Int64?
  /// Whether a connection was refused because of where it would have led.
  var isOutOfReach = false

  private var headers: [HTTPHeader] = []
  private var headerBytes = 0
  private var body: [UInt8] = []
  private var isTooLarge = false
  /// How many bytes of the answer went to a file.
  private var storedBytes = 0
  private var isSuccess = false
  private var reader: HTTPBodyReader?
  private var fileProblem: HTTPFileProblem?
  /// Whether any of a body that is read while it is sent has been asked for.
  private(set) var isBodyRead = false
  /// The last line that a mail server said before it took its leave.
  private var lastLine = ""

  init(_ call: HTTPCall) {
    self.call = call
    reader = call.streamed.map(HTTPBodyReader.init)
  }

  /// Answers the caller, once.
  func finish(_ outcome: Outcome) {
    continuation?.resume(returning: outcome)
    continuation = nil
  }

  /// Answers the caller with what libcurl found.
  func finish(_ code: CURLcode, status: Int, wasSent: Bool) {
    if let fileProblem {
      let words = "a file could not be read or written: \(fileProblem.words)"
      finish(.failure(TransportProblem(.other(words), wasSent: wasSent)))
    } else if isOutOfReach, !wasSent {
      let words = "its address is of this machine or of a private network"
      finish(.failure(TransportProblem(.other(words), wasSent: false)))
    } else if code != CURLE_OK, let first = lastLine.first, "45".contains(first) {
      // What a mail server has refused it has not taken (RFC 5321 §4.2.1).
      let words = "the mail server answered “\(lastLine)”"
      finish(.failure(TransportProblem(.other(words), wasSent: false)))
    } else if isTooLarge {
      finish(.failure(TransportProblem(.tooLarge, wasSent: wasSent)))
    } else if code == CURLE_OK {
      var answer = HTTPAnswer(status: status, headers: headers, body: body)
      answer.certificateUntilMs = certificateUntilMs
      finish(.success(answer))
    } else {
      finish(.failure(TransportProblem(code, wasSent: wasSent)))
    }
  }

  /// Takes a piece of the body.
  /// - Returns: whether to go on.
  func receive(body piece: UnsafeRawBufferPointer) -> Bool {
    guard piece.count <= call.answerBytesMax - body.count - storedBytes else {
      isTooLarge = true
      return false
    }
    guard isSuccess, let file = call.destination else {
      body.append(contentsOf: piece)
      return true
    }
    do throws(HTTPFileProblem) { try file.write(piece, at: storedBytes) } catch {
      fileProblem = error
      return false
    }
    storedBytes += piece.count
    return true
  }

  /// Gives the next bytes of a body that is read while it is sent. A few of a local disk at a time:
  /// the transport's own thread waits for them.
  /// - Returns: how many; 0 at the end, nil to break off.
  func send(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    isBodyRead = true
    do throws(HTTPFileProblem) { return try reader?.read(into: buffer) ?? 0 } catch {
      fileProblem = error
      return nil
    }
  }

  /// Takes one line of the answer's head.
  /// - Returns: whether to go on.
  func receive(header piece: UnsafeRawBufferPointer) -> Bool {
    guard piece.count <= Self.headerBytesMax - headerBytes else {
      isTooLarge = true
      return false
    }
    headerBytes += piece.count
    let line = String(decoding: piece, as: UTF8.self)
    if call.envelope != nil, !line.hasPrefix("221") { lastLine = line.trimmingSpaces }
    if line.hasPrefix("HTTP/") {
      headers = []  // a final answer after an interim one
      isSuccess = line.split(separator: " ").dropFirst().first?.hasPrefix("2") ?? false
    }
    guard let colon = line.firstIndex(of: ":") else { return true }
    headers.append(
      HTTPHeader(String(line[..<colon]), line[line.index(after: colon)...].trimmingSpaces))
    return true
  }
}

extension StringProtocol {
  /// Without white space (RFC 9110 §5.6.3) and line ends at either end.
  var trimmingSpaces: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
    guard let first = firstIndex(where: { !isSpace($0) }),
      let last = lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[first...last])
  }
}
