import CSys
import Glibc

/// An epoll set (epoll(7)), edge-triggered.
struct Epoll {
  let descriptor: Int32

  init() throws(ListenProblem) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw .system(call: "epoll_create1", number: errno) }
  }

  /// Watches a descriptor for bytes, room and hang-up until it is closed.
  func add(_ watched: Int32, token: UInt64) throws(ListenProblem) {
    var event = epoll_event()
    event.events =
      EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    event.data.u64 = token
    guard epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) == 0 else {
      throw .system(call: "epoll_ctl", number: errno)
    }
  }

  /// Fills `events` with what has happened, without waiting; gives how many there are.
  func poll(_ events: inout [epoll_event]) -> Int {
    max(0, Int(epoll_wait(descriptor, &events, Int32(events.count), 0)))
  }

  func close() { _ = Glibc.close(descriptor) }
}

extension epoll_event {
  var token: UInt64 { data.u64 }
  /// Bytes, or the end of them, can be read.
  var isReadable: Bool { events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 }
  /// The peer has sent its last byte.
  var isEnded: Bool { events & EPOLLRDHUP.rawValue != 0 }
  /// Both directions are over, or the connection was reset.
  var isDead: Bool { events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 }
}
