import Dispatch
import Glibc

/// A client on a real socket that shows what stands on the wire.
///
/// `@unchecked Sendable`: each test uses it from one task; its reads are guarded by awaiting them.
public final class Client: @unchecked Sendable {
  /// An answer as it came.
  public struct Answer: Sendable {
    /// The number of the status.
    public let status: Int
    /// Names in lower case; values of a name that came twice with “and” between them.
    public let fields: [String: String]
    /// The bytes after the head.
    public let body: [UInt8]

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// Why there is no answer.
  public struct Broken: Error {
    /// In words.
    public let what: String
  }

  private let descriptor: Int32
  /// What was agreed on; nil in the clear.
  public private(set) var tls: ClientTLS?
  private var received: [UInt8] = []
  private var isClosed = false
  /// Reads block here, not on the threads that tests run on.
  private static let queue = DispatchQueue(label: "client", attributes: .concurrent)

  /// Connects.
  public init(port: Int, address: String = "127.0.0.1") throws {
    descriptor = socket(
      address.contains(":") ? AF_INET6 : AF_INET,
      Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    // Only so that a test that would hang fails.
    var timeout = timeval(tv_sec: 30, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
    let connected: Int32
    if address.contains(":") {
      var target = sockaddr_in6()
      target.sin6_family = sa_family_t(AF_INET6)
      target.sin6_port = UInt16(port).bigEndian
      inet_pton(AF_INET6, address, &target.sin6_addr)
      connected = Self.connect(descriptor, to: target)
    } else {
      var target = sockaddr_in()
      target.sin_family = sa_family_t(AF_INET)
      target.sin_port = UInt16(port).bigEndian
      inet_pton(AF_INET, address, &target.sin_addr)
      connected = Self.connect(descriptor, to: target)
    }
    guard connected == 0 else {
      let number = errno
      Glibc.close(descriptor)
      isClosed = true
      throw Broken(what: String(cString: strerror(number)))
    }
  }

  /// Connects, and shakes hands.
  public static func secure(port: Int, _ terms: ClientTLS.Terms = .init()) async throws -> Client {
    let client = try Client(port: port)
    client.tls = try await withCheckedThrowingContinuation { continuation in
      queue.async { [descriptor = client.descriptor] in
        continuation.resume(with: Result { try ClientTLS(terms, over: descriptor) })
      }
    }
    return client
  }

  deinit { close() }

  /// Hangs up.
  public func close() {
    guard !isClosed else { return }
    tls?.end()
    Glibc.close(descriptor)
    isClosed = true
  }

  /// Ends the connection as a crashed peer would.
  public func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  /// Says that nothing more comes, and goes on listening.
  public func shutdownWrite() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Sends text as it is.
  public func send(_ text: String) { send(Array(text.utf8)) }

  /// Gives whether the server took all of it.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        tls?.write($0) ?? Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// The next answer.
  /// - Parameter isBodiless: to HEAD, which has a length but no body.
  public func answer(isBodiless: Bool = false) async throws -> Answer {
    var end = headEnd
    while end == nil {
      guard try await receive() else { throw Broken(what: "closed before an answer: \(text)") }
      end = headEnd
    }
    let headEnd = end ?? 0
    let lines = String(decoding: received[..<headEnd], as: UTF8.self).split(separator: "\r\n")
    let status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
    let pairs = lines.dropFirst().map { line in
      let colon = line.firstIndex(of: ":") ?? line.startIndex
      return (line[..<colon].lowercased(), String(line[colon...].dropFirst(2)))
    }
    let fields = Dictionary(pairs) { "\($0) and \($1)" }
    let length = isBodiless ? 0 : fields["content-length"].flatMap { Int($0) } ?? 0
    while received.count < headEnd + 4 + length {
      guard try await receive() else { throw Broken(what: "closed within a body") }
    }
    let body = Array(received[headEnd + 4..<headEnd + 4 + length])
    received.removeFirst(headEnd + 4 + length)
    return Answer(status: status, fields: fields, body: body)
  }

  /// Everything until the server closes.
  public func rest() async throws -> String {
    while try await receive() {}
    return text
  }

  /// How many bytes come until the connection ends, in whatever way.
  public func byteCountUntilEnd() async -> Int {
    while (try? await receive()) == true {}
    return received.count
  }

  private var text: String { String(decoding: received, as: UTF8.self) }

  private var headEnd: Int? {
    received.firstRange(of: Array("\r\n\r\n".utf8))?.lowerBound
  }

  /// False at the end of the stream.
  private func receive() async throws -> Bool {
    let (bytes, number) = await withCheckedContinuation { continuation in
      Self.queue.async { [descriptor, tls] in
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = tls?.read(into: &buffer) ?? recv(descriptor, &buffer, buffer.count, 0)
        continuation.resume(returning: (Array(buffer[..<max(0, count)]), count < 0 ? errno : 0))
      }
    }
    guard number == 0 else { throw Broken(what: String(cString: strerror(number))) }
    received += bytes
    return !bytes.isEmpty
  }

  private static func connect<Address>(_ descriptor: Int32, to target: Address) -> Int32 {
    withUnsafePointer(to: target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }
}
