/// Who can sign in, and with what.
public struct Staffing: Hashable, Sendable {
  /// People who can sign in.
  public var active: Int
  /// Those of them who look after people.
  public var administrators: Int
  /// Those of them who may propose, approve or run, and have no second factor.
  public var withoutFactor: Int
  /// Whether nobody gets further without one.
  public var requiresFactor: Bool

  /// - Parameters:
  ///   - people: everybody.
  ///   - holders: who has a second factor, by number.
  public init(_ people: [Person], withFactor holders: Set<Int64>, requiresFactor: Bool) {
    let able = people.filter(\.isActive)
    active = able.count
    administrators = able.count { $0.may(.lookAfterPeople) }
    withoutFactor = able.count { person in
      !holders.contains(person.id)
        && [Permission.propose, .approve, .run].contains { person.may($0) }
    }
    self.requiresFactor = requiresFactor
  }
}

/// Who can sign in, and with what.
extension SelfCheck {
  /// Whether enough people can sign in, and as what.
  public static func people(_ staffing: Staffing) -> [SelfCheck] {
    [administrators(staffing), factors(staffing)].compactMap(\.self)
  }

  private static func administrators(_ staffing: Staffing) -> SelfCheck {
    let what = "People"
    let words =
      "\(staffing.active) can sign in, \(staffing.administrators) of them as administrators."
    switch staffing.administrators {
    case 0:
      return SelfCheck(
        what, .unsafe, "\(words) Nobody can look after people.",
        remedy: "Run: caretaker user add --role administrator")
    case 1:
      return SelfCheck(
        what, .advised, "\(words) Whoever it is can be away.",
        remedy: "Make a second person administrator, under Safety.")
    default: return SelfCheck(what, .good, words)
    }
  }

  private static func factors(_ staffing: Staffing) -> SelfCheck? {
    guard staffing.active > 0 else { return nil }
    let what = "Second factors"
    guard staffing.withoutFactor > 0 else {
      return SelfCheck(what, .good, "Everybody who acts has one.")
    }
    let missing = "\(staffing.withoutFactor) of those who propose, approve or run have none"
    return staffing.requiresFactor
      ? SelfCheck(what, .good, "\(missing) yet, and are shown nothing until they have.")
      : SelfCheck(
        what, .advised, "\(missing): a password is enough to be them.",
        remedy: "Ask them to add one under Your account, or set require_second_factor.")
  }
}
