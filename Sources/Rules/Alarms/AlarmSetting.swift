/// What an alarm watches and when it goes off: all of it that people agree to.
public struct AlarmSetting: Codable, Hashable, Sendable {
  /// The metric's namespace, `AWS/RDS`.
  public var namespace: String
  /// The metric's name, `CPUUtilization`.
  public var metric: String
  /// The metric's dimensions by name.
  public var dimensions: [String: String]
  /// `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile, `p95`.
  public var statistic: String
  /// How many seconds one value is of.
  public var periodS: Int64
  /// How many values in a row decide.
  public var evaluations: Int64
  /// When it goes off.
  public var comparison: Comparison
  /// What the values are held against, in thousandths of the metric's own unit.
  public var thresholdMilli: Int64
  /// What a value that is not there counts as: `missing`, `breaching`, `notBreaching`, `ignore`.
  public var missing: String

  /// How a value is held against the threshold, by CloudWatch's names.
  public enum Comparison: String, Codable, CaseIterable, Sendable {
    case atLeast = "GreaterThanOrEqualToThreshold"
    case above = "GreaterThanThreshold"
    case atMost = "LessThanOrEqualToThreshold"
    case below = "LessThanThreshold"

    /// The sign.
    public var sign: String {
      switch self {
      case .atLeast: "≥"
      case .above: ">"
      case .atMost: "≤"
      case .below: "<"
      }
    }
  }

  /// A setting.
  public init(
    namespace: String, metric: String, dimensions: [String: String], statistic: String,
    periodS: Int64, evaluations: Int64, comparison: Comparison, thresholdMilli: Int64,
    missing: String
  ) {
    self.namespace = namespace
    self.metric = metric
    self.dimensions = dimensions
    self.statistic = statistic
    self.periodS = periodS
    self.evaluations = evaluations
    self.comparison = comparison
    self.thresholdMilli = thresholdMilli
    self.missing = missing
  }

  /// All of it as one text that tells it from any other.
  public var words: String {
    let of = dimensions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return
      "\(metric) \(comparison.sign) \(threshold), \(statistic) of \(evaluations) × \(periodS) s, "
      + "without a value \(missing), of \(([namespace] + of).joined(separator: ", "))"
  }

  /// The threshold in decimal digits, `0.05`.
  public var threshold: String { Self.decimal(milli: thresholdMilli) }

  /// Thousandths as decimal digits without needless zeros.
  public static func decimal(milli: Int64) -> String {
    let (whole, rest) = milli.magnitude.quotientAndRemainder(dividingBy: 1_000)
    let digits = String(1_000 + rest).dropFirst()
    let fraction = rest == 0 ? "" : "." + digits.reversed().drop { $0 == "0" }.reversed()
    return (milli < 0 ? "-" : "") + String(whole) + fraction
  }

  /// Decimal digits as thousandths; nil for what is not a number of at most three decimals.
  public static func milli(decimal text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].utf8.allSatisfy(\.isDigit),
      let whole = Int64(parts[0])
    else { return nil }
    let fraction = parts.count == 2 ? parts[1] : "0"
    guard (1...3).contains(fraction.utf8.count), fraction.utf8.allSatisfy(\.isDigit),
      let rest = Int64((fraction + "00").prefix(3))
    else { return nil }
    let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000)
    let (sum, more) = scaled.addingReportingOverflow(rest)
    return overflow || more ? nil : sum
  }

  /// A number as CloudWatch gives it, as thousandths; nil for one that is not of them.
  public static func milli(_ number: Double) -> Int64? {
    let scaled = number * 1_000
    guard scaled.magnitude < 9e15, (scaled - scaled.rounded()).magnitude < 1e-6 else { return nil }
    return Int64(scaled.rounded())
  }
}

extension AlarmSetting {
  /// What alarms that Caretaker has set say of themselves, before ``words``.
  static let mark = "Set by Caretaker as: "

  /// What an alarm says of itself: what it means, and how it was set, so that it can be told when
  /// somebody sets it otherwise.
  public func description(_ meaning: String) -> String { "\(meaning) \(Self.mark)\(words)" }

  /// How an alarm was set by Caretaker; nil for one that it has not set.
  public static func declared(in description: String) -> String? {
    description.firstRange(of: mark).map { String(description[$0.upperBound...]) }
  }
}
