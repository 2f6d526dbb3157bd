/// How a data folder stands to the lease, for a command that would write its database.
public struct LeasedFolder: Hashable, Sendable {
  /// Whether the portal that holds the lease works on it now.
  public var isWorkedOn: Bool
  /// Whether its database has all that was last worked on.
  public var isNewest: Bool

  /// A data folder.
  public init(isWorkedOn: Bool, isNewest: Bool) {
    self.isWorkedOn = isWorkedOn
    self.isNewest = isNewest
  }
}

extension LeaseRecord {
  /// Why a command may not write the database of a folder; nil where it may. What it wrote anywhere
  /// but where the portal works would be gone with the next copy that is brought back.
  public func problem(withWritingIn folder: LeasedFolder) -> String? {
    // Nobody has worked yet.
    if isOpen { return nil }
    if isReleased {
      guard let last, !folder.isNewest else { return nil }
      return "Nobody holds the lease, and the database here is not the newest: the portal on "
        + "\(last.host) last worked. Nothing was changed. Start a portal, on the machine that has "
        + "the newest, and run this beside it."
    }
    if folder.isWorkedOn { return nil }
    return "The lease is held by process \(process) on \(host), and that portal does not work on "
      + "the data folder here. Nothing was changed: it would be lost. Run this on \(host), beside "
      + "the portal. If it has failed, wait until another has taken its place, and run this there."
  }

  /// Why a command writes nothing while nobody can tell who works.
  public static func problem(withUnreadable why: String) -> String {
    "The lease can't be read: \(why) So nobody can tell whether another machine works, and nothing "
      + "was changed. If you know that the portal works here and nowhere else, or nowhere, run "
      + "this again with --lease-unreachable."
  }
}
