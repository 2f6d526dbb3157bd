/// How many attempts at calls there were, by service and what became of them.
public struct CallTally: Hashable, Sendable {
  /// `ecs`.
  public let service: String
  /// What became of it.
  public let outcome: Outcome

  /// What became of an attempt.
  public enum Outcome: String, Sendable, CaseIterable {
    /// It was answered well.
    case ok
    /// The service answered with an error.
    case refused
    /// No answer came, or none that can be understood.
    case unanswered
    /// It was not sent: nothing to sign with, the service is left alone for a while, or the
    /// configuration is wrong.
    case unsent
  }

  init(_ operation: Operation, _ error: AWSError?) {
    service = operation.api.actionPrefix
    outcome =
      switch error?.reason {
      case nil: .ok
      case .service, .notFound: .refused
      case .transport, .unreadable: .unanswered
      case .noCredentials, .leftAlone, .misconfigured: .unsent
      }
  }
}
