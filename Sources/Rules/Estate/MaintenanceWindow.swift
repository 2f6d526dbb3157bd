extension DatabaseFacts {
  /// The weekly window as people say it, `Wednesday 06:38 to 07:08 UTC`; where RDS writes it in
  /// another way, as RDS does.
  public var windowWords: String {
    guard
      let match = maintenanceWindow.wholeMatch(
        of: /([a-z]{3}):([0-9]{2}:[0-9]{2})-([a-z]{3}):([0-9]{2}:[0-9]{2})/),
      let from = Self.days[String(match.1)], let to = Self.days[String(match.3)]
    else { return maintenanceWindow + " UTC" }
    return "\(from) \(match.2) to \(from == to ? "" : to + " ")\(match.4) UTC"
  }

  private static let days = [
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
  ]
}
