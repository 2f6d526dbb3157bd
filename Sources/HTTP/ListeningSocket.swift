import CSys
import Glibc

/// A socket that waits for connections.
struct ListeningSocket {
  enum Accepted {
    case connection(Socket, peerAddress: String)
    /// Nobody waits.
    case none
    /// Nobody can be let in now: no descriptors or no memory are left, or the call is refused. With
    /// the number of the error.
    case unable(Int32)
  }

  let descriptor: Int32
  let port: Int

  /// One socket for each loop on the same port. The kernel spreads connections over them.
  static func open(
    address: String, port: Int, count: Int
  ) throws(ListenProblem) -> [ListeningSocket] {
    // SO_REUSEPORT would share a port silently with another process of the same user. A socket
    // without it is refused there, so one is bound first.
    let probe = try ListeningSocket(address: address, port: port, sharesPort: false)
    probe.close()
    var sockets: [ListeningSocket] = []
    do throws(ListenProblem) {
      for _ in 0..<count {
        let socket = try ListeningSocket(address: address, port: probe.port, sharesPort: true)
        sockets.append(socket)
        guard listen(socket.descriptor, backlog) == 0 else {
          throw ListenProblem.system(call: "listen", number: errno)
        }
      }
    } catch {
      for socket in sockets { socket.close() }
      throw error
    }
    return sockets
  }

  /// Connections the kernel keeps until they are accepted.
  private static let backlog: Int32 = 1_024

  private init(address: String, port: Int, sharesPort: Bool) throws(ListenProblem) {
    var wanted = try SocketAddress(address, port: port)
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(wanted.family, kind, 0)
    guard descriptor >= 0 else { throw .system(call: "socket", number: errno) }
    // A restart does not wait for old connections to be forgotten.
    Socket.enable(SO_REUSEADDR, at: SOL_SOCKET, on: descriptor)
    if sharesPort { Socket.enable(SO_REUSEPORT, at: SOL_SOCKET, on: descriptor) }
    guard wanted.withPointer({ bind(descriptor, $0, $1) }) == 0 else {
      let number = errno
      _ = Glibc.close(descriptor)
      throw Self.problem(number, address: address, port: port)
    }
    var bound = SocketAddress()
    _ = bound.withPointer { getsockname(descriptor, $0, &$1) }
    self.descriptor = descriptor
    self.port = bound.port
  }

  func accept() -> Accepted {
    while true {
      var peer = SocketAddress()
      let accepted = peer.withPointer { csys_accept(descriptor, $0, &$1) }
      if accepted >= 0 {
        Socket.enable(TCP_NODELAY, at: Int32(IPPROTO_TCP), on: accepted)
        return .connection(Socket(descriptor: accepted), peerAddress: peer.host)
      }
      let number = errno
      switch number {
      case EAGAIN, EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT: return .none
      // This one connection failed (accept(2)): on to the next.
      case EINTR, ECONNABORTED, EPROTO, ENOPROTOOPT, ENETDOWN, ENETUNREACH, EHOSTDOWN,
        EHOSTUNREACH, ENONET:
        continue
      // Such a call fails again as soon as it is made again, as where a filter forbids it.
      default: return .unable(number)
      }
    }
  }

  func close() { _ = Glibc.close(descriptor) }

  private static func problem(_ number: Int32, address: String, port: Int) -> ListenProblem {
    switch number {
    case EADDRINUSE: .portInUse(port)
    case EACCES, EPERM: .portNotAllowed(port)
    case EADDRNOTAVAIL: .badAddress(address)
    default: .system(call: "bind", number: number)
    }
  }
}
