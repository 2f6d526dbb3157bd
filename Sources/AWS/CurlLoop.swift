internal import CCurl

/// The transport's thread: takes commands, lets libcurl work, answers callers.
// Sendable because `run` is called once, on the transport's thread, which alone touches the state.
final class CurlLoop: @unchecked Sendable {
  /// Most connections at once: more than the sweep of a site makes. Further exchanges wait for one
  /// within their own time.
  private static let connectionsMax = 128
  /// How long to wait when nothing happens; posting wakes the thread before.
  private static let pollMs: Int32 = 60_000

  private struct Transfer {
    let exchange: Exchange
    let lists: CurlLists
  }

  /// libcurl's state for the whole process; setting it up is not safe on two threads.
  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let inbox: Inbox
  private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]

  init(inbox: Inbox) { self.inbox = inbox }

  /// Works until the inbox is closed.
  func run() {
    precondition(Self.isLibraryReady, "libcurl could not be set up")
    guard let multi = curl_multi_init() else { preconditionFailure("libcurl is out of memory") }
    _ = curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, Self.connectionsMax)
    let address = UInt(bitPattern: multi)
    inbox.onPost { _ = curl_multi_wakeup(UnsafeMutableRawPointer(bitPattern: address)) }
    while obey(multi) {
      var runningCount: Int32 = 0
      curl_multi_perform(multi, &runningCount)
      finishDone(multi)
      curl_multi_poll(multi, nil, 0, Self.pollMs, nil)
    }
    inbox.onPost(nil)
    for easy in Array(transfers.keys) { cancel(easy, multi) }
    curl_multi_cleanup(multi)
  }

  /// Carries out what was posted.
  /// - Returns: false when the inbox is closed.
  private func obey(_ multi: UnsafeMutableRawPointer) -> Bool {
    let (commands, isOpen) = inbox.take()
    for command in commands {
      switch command {
      case .start(let exchange) where exchange.isCancelled:
        exchange.finish(.failure(TransportProblem(.cancelled, wasSent: false)))
      case .start(let exchange):
        start(exchange, multi)
      case .cancel(let exchange):
        exchange.isCancelled = true
        if let easy = transfers.first(where: { $0.value.exchange === exchange })?.key {
          cancel(easy, multi)
        }
      }
    }
    return isOpen
  }

  private func start(_ exchange: Exchange, _ multi: UnsafeMutableRawPointer) {
    guard let easy = curl_easy_init() else {
      exchange.finish(CURLE_OUT_OF_MEMORY, status: 0, wasSent: false)
      return
    }
    let lists = CurlLists(exchange.call)
    transfers[easy] = Transfer(exchange: exchange, lists: lists)
    exchange.configure(easy, lists)
    if curl_multi_add_handle(multi, easy) != CURLM_OK {
      finish(easy, CURLE_FAILED_INIT, multi)
    }
  }

  private func finishDone(_ multi: UnsafeMutableRawPointer) {
    var leftCount: Int32 = 0
    while let message = curl_multi_info_read(multi, &leftCount) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
        continue
      }
      finish(easy, curl_message_result(message), multi)
    }
  }

  private func cancel(_ easy: UnsafeMutableRawPointer, _ multi: UnsafeMutableRawPointer) {
    if let exchange = transfers[easy]?.exchange {
      let sent = Self.wasSent(easy, exchange)
      exchange.finish(.failure(TransportProblem(.cancelled, wasSent: sent)))
    }
    finish(easy, CURLE_ABORTED_BY_CALLBACK, multi)
  }

  private func finish(
    _ easy: UnsafeMutableRawPointer, _ code: CURLcode, _ multi: UnsafeMutableRawPointer
  ) {
    guard let transfer = transfers.removeValue(forKey: easy) else { return }
    var status = 0
    _ = curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    if transfer.exchange.call.isLook {
      transfer.exchange.certificateUntilMs = CurlCertificate.untilMs(easy)
    }
    transfer.exchange.finish(
      code, status: status, wasSent: Self.wasSent(easy, transfer.exchange))
    curl_multi_remove_handle(multi, easy)
    curl_easy_cleanup(easy)
    transfer.lists.free()
  }

  /// Whether any byte of a request went out; of a letter, whether any of its text did.
  private static func wasSent(_ easy: UnsafeMutableRawPointer, _ exchange: Exchange) -> Bool {
    if exchange.call.envelope != nil { return exchange.isBodyRead }
    var byteCount = 0
    return curl_get_long(easy, CURLINFO_REQUEST_SIZE, &byteCount) != CURLE_OK || byteCount > 0
  }
}
