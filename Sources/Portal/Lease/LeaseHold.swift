import AWS
import Rules
import Synchronization

/// The lease as this process has it. Whatever acts is given it, and asks it each time.
final class LeaseHold: Sendable {
  private struct State {
    /// Nil where nothing is configured.
    var lease: Lease?
    /// Why the last call failed; empty where it did not.
    var why = ""
  }

  private let state: Mutex<State>
  private let uptimeMs: @Sendable () -> Int64

  /// Where there is one portal: it may always act.
  static let notNeeded = LeaseHold(nil, uptimeMs: { 0 })

  init(_ lease: Lease?, uptimeMs: @escaping @Sendable () -> Int64) {
    state = Mutex(State(lease: lease))
    self.uptimeMs = uptimeMs
  }

  /// How this portal stands now.
  var standing: LeaseStanding {
    state.withLock { state in
      state.lease.map { $0.standing(at: uptimeMs(), why: state.why) } ?? .notNeeded
    }
  }

  /// Refuses while another portal may work.
  func check() throws(Refusal) { if let refusal = standing.refusal { throw refusal } }

  /// The name of this process in the lease; nil where nothing is configured.
  var holder: String? { state.withLock { $0.lease?.holder } }

  /// What was read last; nil where there was nothing.
  var seen: LeaseRecord? { state.withLock { $0.lease?.seen?.record } }

  /// For how long the lease has not been renewed; nil where nothing is configured.
  var ageMs: Int64? { state.withLock { $0.lease?.ageMs(at: uptimeMs()) } }

  /// Whether this portal may act.
  var isHeld: Bool { standing.refusal == nil }

  /// What a portal that stands by says of itself.
  var standByWords: String {
    state.withLock { $0.lease?.standByWords(at: uptimeMs(), why: $0.why) ?? "" }
  }

  /// Looks at or changes what is known of the lease.
  @discardableResult
  func change<Value: Sendable>(
    _ work: (inout Lease, _ nowMs: Int64) -> sending Value?
  ) -> Value? {
    state.withLock { state in
      guard var lease = state.lease else { return nil }
      defer { state.lease = lease }
      return work(&lease, uptimeMs())
    }
  }

  /// Notes why a call failed.
  /// - Returns: whether that is news.
  func note(_ why: String) -> Bool {
    state.withLock { state in
      defer { state.why = why }
      return state.why != why
    }
  }
}

extension Outside {
  /// The same outside, in which no cloud writes anything while another portal may work.
  func writing(under lease: LeaseHold) -> Outside {
    var copy = self
    let cloud = self.cloud
    copy.cloud = { cloud($0).writing(under: lease) }
    return copy
  }
}
