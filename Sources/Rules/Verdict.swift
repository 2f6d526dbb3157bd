/// What the live state says about a change whose calls have been made.
public struct Verdict: Hashable, Sendable {
  /// The state it gives the change.
  public let state: ChangeState
  /// Why, in words.
  public let why: String

  /// Behind the name of a field, the field that says in a sentence why it is as it is.
  public static let whySuffix = ".why"

  /// The verdict on a plan; nil while it is too early for one.
  /// - Parameters:
  ///   - readings: the live fields; nil when they could not be read.
  ///   - unread: why they could not, in a sentence.
  ///   - isLate: whether the time the expected may take has passed.
  public init?(
    of plan: Plan, from readings: [String: String]?, unread: String = "", isLate: Bool
  ) {
    guard let readings else {
      guard isLate else { return nil }
      let late = "The live state could not be read in time."
      self.init(state: .unknown, why: unread.isEmpty ? late : "\(late) \(unread)")
      return
    }
    let missing = plan.expected.filter { readings[$0.field] != $0.value }
    if missing.isEmpty {
      self.init(state: .succeeded, why: "The live state is as planned.")
    } else if let failed = plan.failure.first(where: { readings[$0.field] == $0.value }) {
      let why = readings[failed.field + Self.whySuffix].map { " \($0)" } ?? ""
      self.init(state: .failedPartial, why: "\(failed.label) is \(failed.value).\(why)")
    } else if isLate {
      let fields = missing.map { field in
        "\(field.label) is \(readings[field.field] ?? "not readable") instead of \(field.value)"
      }
      self.init(state: .failedPartial, why: fields.joined(separator: "; ") + ".")
    } else {
      return nil
    }
  }

  private init(state: ChangeState, why: String) {
    self.state = state
    self.why = why
  }

  /// The verdict on a change whose outcome is unknown, where nobody saw the answers: only seeing
  /// everything as planned, or a failure AWS itself reports, is decisive. Anything else a person
  /// has to look at.
  public static func decisive(of plan: Plan, from readings: [String: String]) -> Verdict? {
    Verdict(of: plan, from: readings, isLate: false)
  }
}
