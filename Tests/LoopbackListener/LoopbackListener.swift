import Foundation
import Glibc

/// A free port of 127.0.0.1 on which each connection is talked to on a thread of its own.
///
/// `@unchecked Sendable`: `lock` guards `isOpen`, all that changes.
public final class LoopbackListener: @unchecked Sendable {
  /// Why there is no port: the number the system gave (errno(3)).
  public struct Problem: Error {
    let number: Int32
  }

  /// The port. Connections wait until `start`.
  public let port: UInt16
  private let listener: Int32
  private let lock = NSLock()
  private var isOpen = true

  /// Opens a port.
  public init() throws(Problem) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 64) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw Problem(number: errno) }
    listener = descriptor
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { stop() }

  /// Begins to take connections. To be called once.
  /// - Parameter talk: is given each connection with its number, from 0; it is closed afterwards.
  public func start(_ talk: @escaping @Sendable (_ connection: Int32, _ number: Int) -> Void) {
    Thread { [weak self, listener] in
      var number = 0
      while case let connection = accept(listener, nil, nil), connection >= 0 {
        Thread { [number] in
          talk(connection, number)
          close(connection)
        }.start()
        number += 1
      }
      self?.stop()
      close(listener)
    }.start()
  }

  /// Takes no more connections. Once: after that the number may be another socket's.
  public func stop() {
    lock.withLock {
      if isOpen { shutdown(listener, Int32(SHUT_RDWR)) }
      isOpen = false
    }
  }
}
