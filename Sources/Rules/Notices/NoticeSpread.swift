extension Notice {
  /// Somebody's choice to be told of a kind by a channel, or not to be.
  public struct Choice: Hashable, Sendable {
    /// Whose it is.
    public let person: Int64
    /// By which way.
    public let channel: Channel
    /// Whether they are told.
    public let isOn: Bool

    /// A choice.
    public init(person: Int64, channel: Channel, isOn: Bool) {
      self.person = person
      self.channel = channel
      self.isOn = isOn
    }
  }

  /// One way that a notice takes.
  public struct Target: Hashable, Sendable {
    /// By which way.
    public let channel: Channel
    /// To whom; nil where one message is for all.
    public let person: Int64?

    /// A target.
    public init(_ channel: Channel, _ person: Int64? = nil) {
      self.channel = channel
      self.person = person
    }
  }

  /// Where a notice goes: to each person by what is theirs, and once by what is everybody's where
  /// at least one of them wants it there.
  /// - Parameters:
  ///   - people: who is to be told.
  ///   - channels: the ways there are.
  ///   - addressed: who has an address for mail.
  ///   - choices: what people chose for this kind; the others are told what is usual.
  public static func targets(
    of kind: Kind, for people: [Person], by channels: Set<Channel>, addressed: Set<Int64>,
    choices: [Choice]
  ) -> [Target] {
    Channel.allCases.filter(channels.contains).flatMap { channel -> [Target] in
      let willing = people.filter { person in
        choices.last { $0.person == person.id && $0.channel == channel }?.isOn ?? kind.isUsual
      }
      guard channel.isPersonal else { return willing.isEmpty ? [] : [Target(channel)] }
      return willing.filter { addressed.contains($0.id) }.map { Target(channel, $0.id) }
    }
  }
}
