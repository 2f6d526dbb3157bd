/// One thing AWS looks at, or a reader would miss, before production access is asked for.
public struct ReadinessRow: Sendable {
  /// How far it is.
  public enum State: Hashable, Sendable {
    /// It is so, by what was read.
    case ready
    /// It is not.
    case lacking
    /// A person has said so, on a day, in a note.
    case confirmed(by: String, at: Moment, note: String)
    /// Only a person can tell, and none has.
    case byHand
    /// It could not be read.
    case notKnown
  }

  /// Its name, `dkim`.
  public let id: String
  /// What should be so.
  public let label: String
  /// How far it is.
  public let state: State
  /// What was read, in words.
  public let evidence: String
  /// The change that mends it; nil where none does.
  public let mend: Mend?

  /// Whether nothing is left to do about it.
  public var isDone: Bool {
    switch state {
    case .ready, .confirmed: true
    case .lacking, .byHand, .notKnown: false
    }
  }
}

/// What a person has said of a row that only a person can tell.
public struct ReadinessNote: Hashable, Sendable {
  /// Who.
  public let person: String
  /// When.
  public let at: Moment
  /// In their words.
  public let note: String

  /// A note.
  public init(person: String, at: Moment, note: String) {
    self.person = person
    self.at = at
    self.note = note
  }
}
