import Glibc
public import HTTPTypes

/// An HTTP/1.1 server: loops that share a port, each with its own connections.
public final class Server: Sendable {
  /// A request or connection that the core refused itself.
  public struct Refusal: Sendable {
    /// What the client was answered.
    public let status: HTTPResponse.Status
    /// A sentence; repeats nothing the client sent.
    public let why: String
    /// The peer's numeric address.
    public let peerAddress: String
  }

  /// What every loop and connection needs to know.
  struct Settings: Sendable {
    let limits: Limits
    let standingHeaders: HTTPFields
    let refused: (@Sendable (Refusal) -> Void)?
    var hindered: (@Sendable (String) -> Void)?
    var uploads: Uploads?
    var immediate: (@Sendable (Request) -> Response?)?
    let handler: Handler
    let clock: Clock
    var tls: TLS?
    /// Connections of all loops.
    let openCount = Locked(0)
    /// Bodies in files, of all loops.
    let uploadCount = Locked(0)
  }

  private let address: String
  private let wantedPort: Int
  private let loopCount: Int
  private let settings: Settings
  private let open = Locked<Open?>(nil)

  /// What there is once it listens.
  private struct Open {
    let loops: [Loop]
    let port: Int
  }

  /// What there is to do, as it is now.
  public struct Load: Sendable {
    /// Connections, on all loops.
    public var connections: Int
    /// For each loop, for how long since its start it has not come to what was due, in
    /// milliseconds: what holds it up holds up its connections.
    public var loopsLateMs: [Int]

    /// What somebody else counted.
    public init(connections: Int, loopsLateMs: [Int]) {
      self.connections = connections
      self.loopsLateMs = loopsLateMs
    }

    /// That of a server that is not there.
    public static let none = Load(connections: 0, loopsLateMs: [])
  }

  /// How much there is to do now; answered also while a loop is held up.
  public var load: Load {
    let loops = open.withLock { $0?.loops ?? [] }
    return Load(
      connections: settings.openCount.withLock { $0 }, loopsLateMs: loops.map(\.lateMs))
  }

  /// How many processors can be used.
  public static var activeProcessorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// A server that does not listen yet.
  /// - Parameters:
  ///   - address: a numeric IPv4 or IPv6 address.
  ///   - port: 0 for any free one.
  ///   - standingHeaders: fields of every answer, also of those the core makes itself, unless the
  ///     answer sets that field itself.
  ///   - refused: told of every refusal by the core, on an event loop; has to return at once.
  ///   - hindered: told why, in the system's words, when nobody can be let in, once until somebody
  ///     is; on an event loop, each for itself.
  ///   - uploads: which bodies go to a file; without it none does.
  ///   - tls: what TLS is spoken with; without it all is in the clear. With it SIGPIPE is ignored
  ///     in the whole process, because libssl writes in a way that raises it.
  ///   - immediate: asked first, on the event loop; answers what needs no waiting and no work,
  ///     such as files in memory, and leaves the rest to the handler with nil.
  ///   - handler: answers everything else.
  public convenience init(
    address: String = "127.0.0.1", port: Int, loops: Int = Server.activeProcessorCount,
    limits: Limits = Limits(), standingHeaders: HTTPFields = [:],
    refused: (@Sendable (Refusal) -> Void)? = nil,
    hindered: (@Sendable (String) -> Void)? = nil, uploads: Uploads? = nil, tls: TLS? = nil,
    immediate: (@Sendable (Request) -> Response?)? = nil,
    handler: @escaping Handler
  ) {
    self.init(
      address: address, port: port, loops: loops,
      settings: Settings(
        limits: limits, standingHeaders: standingHeaders, refused: refused, hindered: hindered,
        uploads: uploads, immediate: immediate, handler: handler, clock: .system, tls: tls))
  }

  init(address: String, port: Int, loops: Int, settings: Settings) {
    self.address = address
    wantedPort = port
    loopCount = max(1, loops)
    self.settings = settings
  }

  /// Opens the port and begins to serve, until `stop`.
  /// - Returns: the port, also where 0 was asked for.
  /// - Throws: `ListenProblem`, whose description is a sentence.
  public func start() throws(ListenProblem) -> Int {
    if settings.tls != nil { signal(SIGPIPE, SIG_IGN) }
    return try open.withLock { open throws(ListenProblem) in
      guard open == nil else { throw .alreadyStarted }
      let listeners = try ListeningSocket.open(address: address, port: wantedPort, count: loopCount)
      var created: [Loop] = []
      do throws(ListenProblem) {
        for listener in listeners { created.append(try Loop(listener: listener, settings)) }
      } catch {
        for loop in created { loop.discard() }
        for listener in listeners { listener.close() }
        throw error
      }
      for loop in created { loop.start() }
      open = Open(loops: created, port: listeners[0].port)
      return listeners[0].port
    }
  }

  /// The port, once it is open.
  public var port: Int? { open.withLock { $0?.port } }

  /// Stops accepting, closes idle connections, answers requests under way with `Connection: close`,
  /// and returns when none is left.
  /// - Parameter graceMs: what is not answered by then is cut off and its task cancelled.
  public func stop(graceMs: Int) async {
    let running = open.withLock { $0?.loops ?? [] }
    await withTaskGroup { group in
      for loop in running { group.addTask { await loop.stop(graceMs: graceMs) } }
    }
  }
}
