/// Where a change stands.
public enum ChangeState: String, CaseIterable, Sendable {
  /// Waits for the other person.
  case pending
  /// Agreed to; waits for Run.
  case approved
  /// Calls are being made.
  case executing
  /// Every call was answered; waiting to see the expected.
  case verifying
  /// Something was sent and nobody knows yet what became of it.
  case unknown
  /// The expected was seen.
  case succeeded
  /// It failed and nothing was changed.
  case failedNoEffect = "failed_no_effect"
  /// It failed after something was changed, or the expected was not seen in time.
  case failedPartial = "failed_partial"
  /// Somebody said no.
  case rejected
  /// The requester took it back.
  case withdrawn
  /// Somebody stopped it after it was proposed, because it is not safe any more.
  case revoked
  /// A clock ran out before it was run.
  case expired
  /// The world moved away from what was approved.
  case stale

  /// Whether the state is never left again.
  public var isFinal: Bool {
    switch self {
    case .pending, .approved, .executing, .verifying, .unknown: false
    case .succeeded, .failedNoEffect, .failedPartial, .rejected, .withdrawn, .revoked, .expired,
      .stale:
      true
    }
  }

  /// The states that are left again.
  public static let open = Set(allCases.filter { !$0.isFinal })

  /// Whether people may still edit it, stop it or take it back: nothing has been sent.
  public var isBeforeRun: Bool { self == .pending || self == .approved }

  /// Whether its run goes on.
  public var isRunning: Bool { self == .executing || self == .verifying }

  /// The state in words.
  public var words: String {
    switch self {
    case .pending: "Waiting for approval"
    case .approved: "Approved, not run"
    case .executing: "Running"
    case .verifying: "Checking the outcome"
    case .unknown: "Outcome unknown"
    case .succeeded: "Done"
    case .failedNoEffect: "Failed, nothing changed"
    case .failedPartial: "Failed part-way"
    case .rejected: "Rejected"
    case .withdrawn: "Withdrawn"
    case .revoked: "Stopped"
    case .expired: "Expired"
    case .stale: "Overtaken by events"
    }
  }
}
