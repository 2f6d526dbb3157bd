internal import CCurl
internal import Foundation

/// The way out to the network: libcurl's multi interface on one thread of its own, so that no
/// caller's thread ever waits. Connections are kept and used again.
///
/// One transport serves the whole process. It follows no redirect, uses no proxy and decompresses
/// nothing.
public final class Transport: Sendable {
  private let inbox: Inbox

  /// Starts the thread.
  public init() {
    inbox = Inbox()
    let loop = CurlLoop(inbox: inbox)
    let thread = Thread { loop.run() }
    thread.name = "aws-transport"
    thread.start()
  }

  deinit { shutdown() }

  /// Sends a request and waits for the whole answer, whatever its status is.
  ///
  /// Cancelling the task ends the exchange at once, with ``TransportProblem/Kind/cancelled``.
  public func send(_ call: HTTPCall) async throws(TransportProblem) -> HTTPAnswer {
    if let fault = call.fault {
      throw TransportProblem(.other("the request was not sent: \(fault)"), wasSent: false)
    }
    let exchange = Exchange(call)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        exchange.continuation = continuation
        if !inbox.post(.start(exchange)) {
          exchange.finish(.failure(TransportProblem(.cancelled, wasSent: false)))
        }
      }
    } onCancel: {
      _ = inbox.post(.cancel(exchange))
    }
    return try result.get()
  }

  /// Until when the certificate of a call's URL is valid, in milliseconds since 1970, whether or
  /// not it is to be trusted; nil without TLS. A connection is made for it and nothing is sent.
  public func certificateUntilMs(
    of call: HTTPCall
  ) async throws(TransportProblem) -> Int64? {
    guard call.url.hasPrefix("https://") else { return nil }
    var look = call
    look.isLook = true
    return try await send(look).certificateUntilMs
  }

  /// Ends every exchange and the thread. Later calls fail as cancelled.
  public func shutdown() { inbox.close() }
}

/// What callers hand to the transport's thread.
final class Inbox: Sendable {
  enum Command: Sendable {
    case start(Exchange)
    /// May come before its own `start`: a task can be cancelled before it begins.
    case cancel(Exchange)
  }

  private struct State {
    var commands: [Command] = []
    var isOpen = true
    /// Wakes the thread; nil before the thread has begun to wait and after it has ended.
    var wake: (@Sendable () -> Void)?
  }

  private let state = Locked(State())

  /// - Returns: false when the inbox is closed; the command is then dropped.
  func post(_ command: Command) -> Bool {
    state.withLock { state in
      guard state.isOpen else { return false }
      state.commands.append(command)
      state.wake?()
      return true
    }
  }

  /// Takes no more commands.
  func close() {
    state.withLock { state in
      state.isOpen = false
      state.wake?()
    }
  }

  /// What to call after every post, and nothing once it is nil.
  func onPost(_ wake: (@Sendable () -> Void)?) { state.withLock { $0.wake = wake } }

  /// Every command since the last time, and whether more may come.
  func take() -> (commands: [Command], isOpen: Bool) {
    state.withLock { state in
      defer { state.commands = [] }
      return (state.commands, state.isOpen)
    }
  }
}
