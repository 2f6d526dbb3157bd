import CSys
import Dispatch
import Glibc
import HTTPTypes

/// An event loop: a serial queue with one Dispatch source on an epoll set of its own. Handlers run
/// on it as well, because it is their task executor: no thread is changed between a request and its
/// answer.
///
/// `@unchecked Sendable`: everything that changes is touched on `queue` alone.
final class Loop: TaskExecutor, @unchecked Sendable {
  let settings: Server.Settings
  var writer: ResponseWriter
  /// Where connections read into, one at a time.
  var readBuffer: [UInt8]
  private(set) var isStopping = false

  private let queue = DispatchQueue(label: "http.loop")
  private let epoll: Epoll
  private let listener: ListeningSocket
  private var source: (any DispatchSourceRead)?
  private var events = [epoll_event](repeating: epoll_event(), count: eventsPerRound)
  private var ready: [UnownedJob] = []

  /// By descriptor.
  private var connections: [Connection?] = []
  private var connectionCount = 0
  private var lastGeneration: UInt32 = 0
  private var isSweepPlanned = false
  private let lateness = Locked(Lateness())
  private var isAcceptPaused = false
  private var isFinished = false
  private var stopped: [CheckedContinuation<Void, Never>] = []

  /// Set on the queue of each loop to the identity of the loop.
  private static let current = DispatchSpecificKey<ObjectIdentifier>()
  private static let eventsPerRound = 128
  /// Rounds of events or jobs before work that came from elsewhere gets its turn.
  private static let roundsMax = 32
  /// How exact timeouts are, and how long accepting pauses when descriptors run out.
  private static let sweepMs = 100
  /// Connections past the limit that are told so at the same time; more are closed without a word.
  private static let refusedMax = 256
  /// No connection has this token: its generation would be 0.
  private static let listenerToken: UInt64 = 0

  init(listener: ListeningSocket, _ settings: Server.Settings) throws(ListenProblem) {
    self.listener = listener
    self.settings = settings
    writer = ResponseWriter(standingHeaders: settings.standingHeaders)
    readBuffer = [UInt8](repeating: 0, count: max(1, settings.limits.readBytesMax))
    epoll = try Epoll()
    do {
      try epoll.add(listener.descriptor, token: Self.listenerToken)
    } catch {
      epoll.close()
      throw error
    }
    queue.setSpecific(key: Self.current, value: ObjectIdentifier(self))
  }

  func start() {
    let source = DispatchSource.makeReadSource(fileDescriptor: epoll.descriptor, queue: queue)
    source.setEventHandler { [self] in turn() }
    source.setCancelHandler { [epoll] in epoll.close() }
    // Nothing runs on the queue before the next line.
    self.source = source
    source.activate()
    // The first timer of a process opens a descriptor; this one does before they can run out.
    queue.async { [self] in planSweep() }
  }

  /// Ends a loop that was never started.
  func discard() { epoll.close() }

  // MARK: Jobs

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isHere {
      // Whatever runs on the queue runs the jobs before it ends.
      ready.append(job)
    } else {
      later { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }

  /// Whether this is called on the queue.
  private var isHere: Bool {
    DispatchQueue.getSpecific(key: Self.current) == ObjectIdentifier(self)
  }

  /// Runs something on the queue, at once where that is where it is called.
  func run(_ work: @escaping @Sendable () -> Void) {
    if isHere { work() } else { later(work) }
  }

  /// Runs something on the queue after what stands there.
  func later(_ work: @escaping @Sendable () -> Void) {
    queue.async { [self] in
      work()
      runJobs()
    }
  }

  private func runJobs() {
    for _ in 0..<Self.roundsMax where !ready.isEmpty {
      let jobs = ready
      ready.removeAll(keepingCapacity: true)
      for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
    if !ready.isEmpty { queue.async { [self] in runJobs() } }
  }

  // MARK: Events

  private func turn() {
    var hasYielded = false
    for _ in 0..<Self.roundsMax {
      guard !isFinished else { return }
      let count = epoll.poll(&events)
      for index in 0..<count { receive(events[index]) }
      runJobs()
      if count > 0 {
        hasYielded = false
      } else if hasYielded {
        return
      } else {
        // What others send meanwhile is found without going to sleep, which costs much more.
        sched_yield()
        hasYielded = true
      }
    }
    queue.async { [self] in turn() }
  }

  private func receive(_ event: epoll_event) {
    if event.token == Self.listenerToken { return accept() }
    // An event of a connection that is gone must not reach the next one on its descriptor.
    let slot = Int(event.token & 0xFFFF_FFFF)
    guard slot < connections.count, let connection = connections[slot],
      connection.token == event.token
    else { return }
    connection.receive(event)
  }

  private func accept() {
    var isKnown = isAcceptPaused
    isAcceptPaused = false
    while !isStopping {
      switch listener.accept() {
      case .connection(let socket, let peerAddress):
        isKnown = false
        open(socket, peerAddress)
      case .none: return
      case .unable(let number):
        if !isKnown { settings.hindered?(String(cString: strerror(number))) }
        isAcceptPaused = true
        return planSweep()
      }
    }
  }

  private func open(_ accepted: Socket, _ peerAddress: String) {
    var socket = accepted
    if let tls = settings.tls, !socket.secure(by: tls.context) { return socket.close() }
    let limit = settings.limits.connectionsMax
    let count = settings.openCount.withLock { count in
      count += 1
      return count
    }
    lastGeneration = lastGeneration == .max ? 1 : lastGeneration + 1
    let slot = Int(socket.descriptor)
    let token = UInt64(lastGeneration) << 32 | UInt64(slot)
    let connection = Connection(socket, token: token, peerAddress: peerAddress, on: self)
    while connections.count <= slot { connections.append(nil) }
    connections[slot] = connection
    connectionCount += 1
    planSweep()
    do {
      guard count - limit <= Self.refusedMax else { return connection.close() }
      try epoll.add(socket.descriptor, token: token)
      if count > limit { connection.refuse(.tooBusy) }
    } catch {
      connection.close()
    }
  }

  /// Called once by each connection when its socket is closed.
  func forget(_ connection: Connection) {
    connections[Int(connection.token & 0xFFFF_FFFF)] = nil
    connectionCount -= 1
    settings.openCount.withLock { $0 -= 1 }
    finishIfEmpty()
  }

  // MARK: Time

  var nowMs: Int { settings.clock.monotonicMs() }

  /// One timer for all connections: it looks at each, ten times a second while there are any. Even
  /// thousands take it microseconds, and a request costs nothing to time.
  private func planSweep() {
    guard !isSweepPlanned else { return }
    isSweepPlanned = true
    lateness.withLock { $0.dueMs = nowMs + Self.sweepMs }
    queue.asyncAfter(deadline: .now() + .milliseconds(Self.sweepMs)) { [self] in sweep() }
  }

  private func sweep() {
    isSweepPlanned = false
    let now = nowMs
    lateness.withLock { $0.came(at: now) }
    for connection in connections { connection?.expire(at: now) }
    if isAcceptPaused { accept() }
    runJobs()
    if connectionCount > 0 || isAcceptPaused { planSweep() }
  }

  /// For how long, in milliseconds since its start, the loop has not come to what was due. Can be
  /// asked on any thread, also while the loop is held up.
  var lateMs: Int { lateness.withLock { $0.totalMs + $0.sinceDue(at: nowMs) } }

  private struct Lateness {
    var dueMs: Int?
    var totalMs = 0

    func sinceDue(at now: Int) -> Int { max(0, now - (dueMs ?? now)) }

    mutating func came(at now: Int) {
      totalMs += sinceDue(at: now)
      dueMs = nil
    }
  }

  // MARK: Stopping

  func stop(graceMs: Int) async {
    await withCheckedContinuation { continuation in
      queue.async { [self] in
        stopped.append(continuation)
        if !isStopping { beginStop(graceMs: graceMs) }
        finishIfEmpty()
        runJobs()
      }
    }
  }

  private func beginStop(graceMs: Int) {
    // Whoever has been let in by the kernel is still served.
    accept()
    isStopping = true
    listener.close()
    for connection in connections { connection?.endWhenIdle() }
    queue.asyncAfter(deadline: .now() + .milliseconds(max(0, graceMs))) { [self] in
      for connection in connections { connection?.cut() }
    }
  }

  private func finishIfEmpty() {
    guard isStopping, connectionCount == 0 else { return }
    isFinished = true
    source?.cancel()
    source = nil
    for continuation in stopped { continuation.resume() }
    stopped = []
  }
}
