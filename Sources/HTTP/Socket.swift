import Glibc

/// A connection's transport, with TLS or without. Everything a connection does with the network is
/// here.
struct Socket {
  enum Result {
    /// So many bytes were read or written.
    case bytes(Int)
    /// Nothing now; an event will tell.
    case wouldBlock
    /// The peer has sent its last byte.
    case ended
    /// The connection is broken.
    case failed
  }

  let descriptor: Int32
  private var tls: TLSStream?

  init(descriptor: Int32) { self.descriptor = descriptor }

  var isSecure: Bool { tls != nil }

  /// Has everything from now on go through TLS; false when there is no memory.
  mutating func secure(by context: TLSContext) -> Bool {
    tls = TLSStream(context, over: descriptor)
    return tls != nil
  }

  func read(into buffer: inout [UInt8]) -> Result {
    if let tls { return tls.read(into: &buffer) }
    return result { recv(descriptor, &buffer, buffer.count, 0) }
  }

  /// Never raises SIGPIPE, but with TLS, which the server ignores it for.
  func write(_ bytes: UnsafeRawBufferPointer) -> Result {
    if let tls { return tls.write(bytes) }
    return result { send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Tells the peer that nothing more will come.
  func shutdownWrite() {
    tls?.sayEnd()
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }

  func close() {
    tls?.sayEnd()
    _ = Glibc.close(descriptor)
  }

  static func enable(_ option: Int32, at level: Int32, on descriptor: Int32) {
    var on: Int32 = 1
    setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private func result(_ call: () -> Int) -> Result {
    while true {
      let count = call()
      if count > 0 { return .bytes(count) }
      if count == 0 { return .ended }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .wouldBlock : .failed
    }
  }
}
