import CSys
import HTTPTypes

/// One client: reads a request, has it answered, writes the answer, and only then reads on. Nothing
/// is read while an answer is made or written, so a client is slowed down by its own requests.
///
/// `@unchecked Sendable`: everything is touched on the queue of `loop` alone.
final class Connection: @unchecked Sendable {
  private enum Phase {
    case reading
    /// A handler works, a block of the body is being stored, or a stream makes its next part.
    case handling
    case writing
    /// All is said; the client gets to read it before the socket is closed.
    case lingering
    case closed
  }

  /// The descriptor in the lower half; in the upper a generation, never 0, which differs between
  /// connections that had the same descriptor.
  let token: UInt64
  private let socket: Socket
  private let loop: Loop
  private let peerAddress: String

  private var parser: RequestParser
  private var output = OutputBuffer()
  private var phase = Phase.reading
  private var stage = RequestParser.Stage.idle
  private var terms = ResponseWriter.Terms(keepsAlive: true)
  private var deadlineMs: Int
  private var task: Task<Void, Never>?
  /// The body being read, where it goes to a file.
  private var upload: Upload?
  /// The file that is being sent, and how much of it is.
  private var file: ResponseFile?
  private var fileOffset = 0
  /// The content that is made while it is sent, and who waits for it to be taken.
  private var stream: ResponseStream?
  private var writers: [CheckedContinuation<Void, any Error>] = []
  /// Whether there may be something to read; edges are told once.
  private var isReadable = true
  private var isEnded = false
  /// Whether requests are being read further up: an answer that is made at once comes back here.
  private var isReading = false
  private var discardedBytes = 0

  /// Requests of one client that are answered at once before others are looked at.
  private static let answersPerTurn = 16
  /// What a client may send after its last answer before it is cut off, in bytes.
  private static let discardedBytesMax = 16_777_216

  init(_ socket: Socket, token: UInt64, peerAddress: String, on loop: Loop) {
    self.socket = socket
    self.token = token
    self.loop = loop
    self.peerAddress = peerAddress
    parser = RequestParser(
      limits: loop.settings.limits, uploads: loop.settings.uploads, peerAddress: peerAddress,
      isSecure: socket.isSecure)
    deadlineMs = loop.nowMs + loop.settings.limits.headerTimeoutMs
  }

  // MARK: What happens to it

  func receive(_ event: epoll_event) {
    if event.isDead { return close() }
    // Within TLS a write may wait for bytes, and a read for room.
    if event.isReadable || socket.isSecure { isReadable = true }
    if event.isEnded { isEnded = true }
    advance()
  }

  func expire(at nowMs: Int) {
    guard nowMs >= deadlineMs else { return }
    if phase == .reading, stage != .idle { refuse(.timeout) } else { close() }
  }

  /// Answers what has begun to arrive, then closes.
  func endWhenIdle() {
    if stream?.isEndless == true { task?.cancel() }
    guard phase == .reading else { return }
    isReadable = true
    advance()
    if phase == .reading, stage == .idle { close() }
  }

  /// Ends it at once, and asks its handler to give up.
  func cut() {
    task?.cancel()
    close()
  }

  func close() {
    guard phase != .closed else { return }
    phase = .closed
    upload = nil
    file = nil
    if stream != nil { abandonStream() }
    socket.close()
    loop.forget(self)
  }

  /// Answers a problem and closes.
  func refuse(_ problem: RequestProblem) {
    loop.settings.refused?(
      Server.Refusal(status: problem.status, why: problem.why, peerAddress: peerAddress))
    turnAway(
      Response(
        status: problem.status, headers: [.contentType: "text/plain; charset=utf-8"],
        body: Array((problem.why + "\n").utf8)))
  }

  /// Answers without the rest of the request, and closes.
  private func turnAway(_ response: Response) {
    upload = nil
    terms = ResponseWriter.Terms(isHead: parser.isHead, keepsAlive: false)
    write(response)
  }

  // MARK: Its way

  private func advance() {
    guard phase != .closed, flush() else { return }
    switch phase {
    case .reading: readRequest()
    case .writing: finishAnswer()
    case .lingering: discardInput()
    case .handling, .closed: break
    }
  }

  private func readRequest() {
    guard !isReading else { return }
    isReading = true
    defer { isReading = false }
    var answeredCount = 0
    while phase == .reading {
      do throws(RequestProblem) {
        switch try parser.next() {
        case .complete(var request, let keepsAlive):
          if let body = upload?.body { request.file = body }
          upload = nil
          handle(request, keepsAlive: keepsAlive)
          answeredCount += 1
          // Others get their turn.
          if answeredCount == Self.answersPerTurn { return loop.later { self.advance() } }
        case .awaitsBody:
          output.bytes.append(contentsOf: ResponseWriter.goAhead)
          noteStage()
          guard flush() else { return }
        case .asksAdmission(let request, let expectsContinue):
          admit(request, expectsContinue: expectsContinue)
        case .block(let block): store(block)
        case .incomplete:
          noteStage()
          guard isReadable else { return }
          readBytes()
        }
      } catch {
        refuse(error)
      }
    }
  }

  private func readBytes() {
    switch socket.read(into: &loop.readBuffer) {
    case .bytes(let count):
      loop.readBuffer.withUnsafeBufferPointer { buffer in
        parser.append(UnsafeBufferPointer(rebasing: buffer[..<count]))
      }
      // Less than was asked for is all there is (epoll(7)); what comes later is a new edge. The end
      // has its own edge, and if that was told already, the end is still to be read. With TLS it is
      // all of one record.
      if count < loop.readBuffer.count, !isEnded, !socket.isSecure { isReadable = false }
    case .wouldBlock: isReadable = false
    case .ended, .failed: close()
    }
  }

  private func handle(_ request: Request, keepsAlive: Bool) {
    phase = .handling
    deadlineMs = .max
    terms = ResponseWriter.Terms(
      isHead: request.method == .head, keepsAlive: keepsAlive,
      saysKeepAlive: keepsAlive && request.headers.contains(.connection),
      knowsChunks: parser.minorVersion > 0)
    if let response = loop.settings.immediate?(request) { return answer(response) }
    task = Task(executorPreference: loop) { [self, handler = loop.settings.handler] in
      answer(await handler(request))
    }
  }

  /// Nothing of the body is read, and no go-ahead given, until it is known that it may come.
  private func admit(_ request: Request, expectsContinue: Bool) {
    wait { [self] in
      let beginning = await Upload.begin(request, loop.settings)
      resume {
        switch beginning {
        case .ready(let begun):
          upload = begun
          if expectsContinue { output.bytes.append(contentsOf: ResponseWriter.goAhead) }
          readOn()
        case .refused(let response): turnAway(response)
        case .failed(let problem): refuse(problem)
        }
      }
    }
  }

  private func store(_ block: [UInt8]) {
    wait { [self, upload] in
      let problem = await upload?.store(block)
      resume {
        if let problem { return refuse(problem) }
        self.upload?.add(block)
        readOn()
      }
    }
  }

  /// Reads nothing while something else is done; the client is not timed meanwhile.
  private func wait(_ work: @escaping @Sendable () async -> Void) {
    phase = .handling
    deadlineMs = .max
    task = Task(executorPreference: loop) { await work() }
  }

  /// Goes on, unless the client has gone meanwhile.
  private func resume(_ step: () -> Void) {
    task = nil
    if phase == .handling { step() }
  }

  /// Reads the next block of an upload.
  private func readOn() {
    phase = .reading
    stage = .body
    deadlineMs = upload?.deadlineMs(at: loop.nowMs, loop.settings.limits) ?? deadlineMs
    advance()
  }

  private func answer(_ response: Response) {
    task = nil
    // The client may have gone meanwhile.
    guard phase == .handling else { return }
    if loop.isStopping { terms.keepsAlive = false }
    write(response)
  }

  private func write(_ response: Response) {
    let sendsContent = !terms.isHead && ResponseWriter.hasContent(response.status)
    stream = sendsContent ? response.stream : nil
    file = sendsContent && stream == nil ? response.file : nil
    fileOffset = 0
    // Where there are no chunks, the end of the connection is the end of the content.
    if stream != nil, !terms.knowsChunks { terms.keepsAlive = false }
    loop.writer.append(response, terms, at: loop.settings.clock.unixSeconds(), to: &output.bytes)
    sendOutput()
    if let stream, phase != .closed { begin(stream) }
  }

  private func sendOutput() {
    phase = .writing
    deadlineMs = loop.nowMs + loop.settings.limits.writeTimeoutMs
    advance()
  }

  // MARK: Content that is made while it is sent

  /// Runs something about this connection on its loop, at once where that is where it is called.
  func onLoop(_ work: @escaping @Sendable (Connection) -> Void) {
    loop.run { work(self) }
  }

  private func begin(_ stream: ResponseStream) {
    task = Task(executorPreference: loop) { [self] in
      var isWhole = true
      do { try await stream.make(BodyWriter(self)) } catch { isWhole = false }
      onLoop { [isWhole] in $0.end(isWhole: isWhole) }
    }
    if loop.isStopping, stream.isEndless { task?.cancel() }
  }

  func send(_ bytes: [UInt8], _ writer: CheckedContinuation<Void, any Error>) {
    guard stream != nil else { return writer.resume(throwing: CancellationError()) }
    writers.append(writer)
    if terms.knowsChunks {
      ResponseWriter.append(chunk: bytes, to: &output.bytes)
    } else {
      output.bytes.append(contentsOf: bytes)
    }
    sendOutput()
  }

  /// The client has taken all that was made so far.
  private func goOnMaking() {
    phase = .handling
    deadlineMs = .max
    resumeWriters(with: .success(()))
  }

  private func resumeWriters(with result: Result<Void, any Error>) {
    let waiting = writers
    writers = []
    for writer in waiting { writer.resume(with: result) }
  }

  private func end(isWhole: Bool) {
    guard stream != nil else { return }
    stream = nil
    task = nil
    // Cut off, the client sees that it has not got the whole.
    guard isWhole else { return close() }
    if loop.isStopping { terms.keepsAlive = false }
    if terms.knowsChunks { output.bytes.append(contentsOf: ResponseWriter.lastChunk) }
    sendOutput()
  }

  private func abandonStream() {
    stream = nil
    task?.cancel()
    resumeWriters(with: .failure(CancellationError()))
  }

  // MARK: The end of an answer

  /// Reads the next block of a file, once the client has taken the one before.
  private func sendBlock(of file: ResponseFile) {
    guard fileOffset < file.byteCount else {
      self.file = nil
      return finishAnswer()
    }
    wait { [self, offset = fileOffset, bytesMax = loop.settings.limits.uploadBlockBytes] in
      let block = await file.block(at: offset, bytesMax: bytesMax)
      resume {
        // Cut off, the client sees that it has not got all that was announced.
        guard let block else { return close() }
        fileOffset += block.count
        output.bytes.append(contentsOf: block)
        sendOutput()
      }
    }
  }

  private func finishAnswer() {
    if let file { return sendBlock(of: file) }
    if stream != nil { return goOnMaking() }
    guard terms.keepsAlive else {
      phase = .lingering
      deadlineMs = loop.nowMs + loop.settings.limits.lingerTimeoutMs
      socket.shutdownWrite()
      return discardInput()
    }
    phase = .reading
    stage = .idle
    deadlineMs = loop.nowMs + loop.settings.limits.keepAliveTimeoutMs
    readRequest()
    parser.shrink()
  }

  /// Closing with bytes unread would reset the connection, and the reset could overtake the answer.
  private func discardInput() {
    while phase == .lingering, isReadable {
      switch socket.read(into: &loop.readBuffer) {
      case .bytes(let count):
        discardedBytes += count
        if discardedBytes > Self.discardedBytesMax { close() }
      case .wouldBlock: isReadable = false
      case .ended, .failed: close()
      }
    }
  }

  /// Sends what is to be sent; false when some of it has to wait or the connection is broken.
  private func flush() -> Bool {
    switch output.send(over: socket) {
    case .sent: return true
    case .waits: return false
    case .broken:
      close()
      return false
    }
  }

  /// Sets the timeout when the bytes to come belong to another part of the request.
  private func noteStage() {
    guard parser.stage != stage else { return }
    stage = parser.stage
    let limits = loop.settings.limits
    switch stage {
    case .idle: break
    case .head: deadlineMs = loop.nowMs + limits.headerTimeoutMs
    case .body: deadlineMs = loop.nowMs + limits.bodyTimeoutMs
    }
  }
}
