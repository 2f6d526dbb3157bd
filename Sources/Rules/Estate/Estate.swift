/// What is known of one subject.
public enum Known<Facts: Observed>: Sendable {
  /// Read, and so.
  case read(Facts)
  /// The last reading failed; the sentence says why and what to do.
  case failed(String)
  /// Not read yet.
  case never

  /// The facts, when they are known now.
  public var facts: Facts? {
    if case .read(let facts) = self { facts } else { nil }
  }
}

/// Everything that is known of a site at one moment.
public struct Estate: Sendable {
  private var facts: [Subject: any Observed] = [:]
  private var failures: [Subject: String] = [:]
  /// The moment at which ages are counted.
  public let now: Moment
  /// The version of the theme that was deployed from here last; nil where none was.
  public var deployedTheme: DeployedTheme?
  /// What was decided last about the Members overlay; nil where nothing was.
  public var memberDecision: MemberDecision?

  /// An estate of which nothing is known yet.
  public init(now: Moment) { self.now = now }

  /// Adds facts that were read.
  public mutating func add<Facts: Observed>(_ facts: Facts) {
    self.facts[Facts.subject] = facts
    failures[Facts.subject] = nil
  }

  /// Notes that the last reading of a subject failed. What was read before counts no more: old
  /// facts are shown with their age and judge nothing.
  public mutating func add(failure: String, of subject: Subject) {
    facts[subject] = nil
    failures[subject] = failure
  }

  /// What is known of one subject.
  public subscript<Facts: Observed>(_ type: Facts.Type) -> Known<Facts> {
    if let failure = failures[type.subject] { return .failed(failure) }
    return (facts[type.subject] as? Facts).map(Known.read) ?? .never
  }
}

/// The version of the theme that a change has put on Ghost, as the portal itself knows.
public struct DeployedTheme: Hashable, Sendable {
  /// The name under which Ghost has it.
  public let name: String
  /// What its package.json says.
  public let version: String
  /// Its number in the library.
  public let number: Int64

  /// A version.
  public init(name: String, version: String, number: Int64) {
    self.name = name
    self.version = version
    self.number = number
  }

  /// The change that deploys it again.
  var mend: Mend { Mend("theme.deploy", ["theme": String(number)]) }
}
