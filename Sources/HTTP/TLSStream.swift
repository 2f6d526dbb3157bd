import CTLS
import Glibc

/// One connection's TLS over its socket. The handshake is part of the first read or write.
final class TLSStream {
  private let session: OpaquePointer
  private let descriptor: Int32
  /// After an error libssl may not be asked for anything more (SSL_get_error(3)).
  private var isBroken = false

  /// Nil when there is no memory.
  init?(_ context: TLSContext, over descriptor: Int32) {
    guard let session = SSL_new(context.pointer) else { return nil }
    self.session = session
    self.descriptor = descriptor
    guard SSL_set_fd(session, descriptor) == 1 else { return nil }
    SSL_set_accept_state(session)
  }

  deinit { SSL_free(session) }

  func read(into buffer: inout [UInt8]) -> Socket.Result {
    result { SSL_read(session, &buffer, Int32(clamping: buffer.count)) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Socket.Result {
    result { SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count)) }
  }

  /// Says that nothing more will come, so that the client knows an end from a cut
  /// (RFC 8446 §6.1).
  func sayEnd() {
    guard !isBroken, SSL_is_init_finished(session) == 1 else { return }
    ERR_clear_error()
    isBroken = SSL_shutdown(session) < 0
  }

  private func result(_ call: () -> Int32) -> Socket.Result {
    guard !isBroken else { return .failed }
    // What another connection left behind on this thread would be taken for ours.
    ERR_clear_error()
    let count = call()
    if count > 0 { return .bytes(Int(count)) }
    switch SSL_get_error(session, count) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock
    case SSL_ERROR_ZERO_RETURN: return .ended
    default:
      isBroken = true
      if ctls_is_plain_request(ERR_peek_error()) == 1 { answerPlainly() }
      return .failed
    }
  }

  /// Somebody has typed `http://`: they are told in the protocol they speak.
  private func answerPlainly() {
    let why = "This port speaks HTTPS. Begin the address with https://\n"
    let answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
      + "Content-Length: \(why.utf8.count)\r\nConnection: close\r\n\r\n\(why)"
    _ = send(descriptor, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }
}
