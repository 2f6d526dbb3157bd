/// How far the clocks of a place are ahead of UTC at some moment.
public struct ZoneOffset: Hashable, Sendable {
  /// Negative where the clocks are behind.
  public let minutes: Int64

  /// No offset at all.
  public static let utc = ZoneOffset(minutes: 0)

  /// An offset of so many minutes.
  public init(minutes: Int64) { self.minutes = minutes }

  /// `UTC`, `UTC+1`, `UTC−8`, `UTC+5:30`.
  public var words: String {
    guard minutes != 0 else { return "UTC" }
    let (hours, rest) = minutes.magnitude.quotientAndRemainder(dividingBy: 60)
    return "UTC\(minutes < 0 ? "−" : "+")\(hours)"
      + (rest == 0 ? "" : ":\(rest < 10 ? "0" : "")\(rest)")
  }
}
