/// An amount of US dollars in whole micro-dollars (1 $ = 1,000,000). Never a float.
public struct Money: Hashable, Comparable, Sendable {
  /// Millionths of a dollar.
  public let microDollars: Int64

  /// An amount from millionths of a dollar.
  public init(microDollars: Int64) { self.microDollars = microDollars }

  /// No money.
  public static let zero = Money(microDollars: 0)

  /// The sum, or nil where it does not fit.
  public func adding(_ other: Money) -> Money? {
    let (sum, overflow) = microDollars.addingReportingOverflow(other.microDollars)
    return overflow ? nil : Money(microDollars: sum)
  }

  /// The difference, or nil where it does not fit.
  public func subtracting(_ other: Money) -> Money? {
    let (rest, overflow) = microDollars.subtractingReportingOverflow(other.microDollars)
    return overflow ? nil : Money(microDollars: rest)
  }

  /// Smaller before larger.
  public static func < (left: Money, right: Money) -> Bool {
    left.microDollars < right.microDollars
  }

  /// In dollars, as people write it: `$1,234.56`, rounded half away from zero.
  /// - Parameter decimals: 0 to 6 digits behind the point.
  public func formatted(decimals: Int = 2) -> String {
    let digits = min(max(decimals, 0), 6)
    let divisor = (digits..<6).reduce(UInt64(1)) { power, _ in power * 10 }
    let rounded = (microDollars.magnitude + divisor / 2) / divisor
    let scale = (0..<digits).reduce(UInt64(1)) { power, _ in power * 10 }
    let sign = microDollars < 0 && rounded > 0 ? "−" : ""
    guard digits > 0 else { return "\(sign)$\(grouped(rounded))" }
    let fraction = String(rounded % scale)
    let padding = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)$\(grouped(rounded / scale)).\(padding)\(fraction)"
  }

  /// With its sign in front even when it is positive: `+$14.78`.
  public func formattedDifference(decimals: Int = 2) -> String {
    microDollars > 0 ? "+" + formatted(decimals: decimals) : formatted(decimals: decimals)
  }
}

extension Money {
  /// An amount as bills write it, `-0.0131506849` or `3.2E-7`, rounded half away from zero to a
  /// micro-dollar; nil for anything else and for what does not fit.
  public init?(rounding decimal: String) {
    let isNegative = decimal.hasPrefix("-")
    let parts = decimal.dropFirst(isNegative ? 1 : 0).split(
      separator: "E", omittingEmptySubsequences: false)
    let number = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
    let exponent = parts.count == 2 ? Int(parts[1]) : 0
    guard (1...2).contains(parts.count), let exponent, (-40...40).contains(exponent),
      (1...2).contains(number.count), number.allSatisfy({ !$0.isEmpty }),
      number.joined().utf8.allSatisfy(\.isDigit)
    else { return nil }
    // Where the point stands once micro-dollars are whole.
    let digits = number.joined().utf8.map { Int64($0 - 0x30) }
    let whole = number[0].count + exponent + 6
    var value: Int64 = 0
    for place in 0..<max(whole, 0) {
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = tens.addingReportingOverflow(place < digits.count ? digits[place] : 0)
      guard !tooLarge, !overflow else { return nil }
      value = sum
    }
    let isUp = digits.indices.contains(whole) && digits[whole] >= 5 && value < .max
    microDollars = (isNegative ? -1 : 1) * (isUp ? value + 1 : value)
  }
}

/// What one unit costs, in whole nano-dollars: AWS prices per request are below a micro-dollar.
public struct Rate: Hashable, Sendable {
  /// Billionths of a dollar for one unit.
  public let nanoDollars: Int64

  /// A rate from billionths of a dollar; nil when negative.
  public init?(nanoDollars: Int64) {
    guard nanoDollars >= 0 else { return nil }
    self.nanoDollars = nanoDollars
  }

  /// A rate as the Price List API writes it, for example `0.0404800000`.
  ///
  /// Nil for anything that is not plain decimal digits, does not fit, or has digits finer than
  /// a nano-dollar: a price that would have to be rounded is not known.
  public init?(decimal: String) {
    let parts = decimal.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, !whole.isEmpty else { return nil }
    let fraction = parts.count == 2 ? Array(parts[1]) : []
    guard parts.count == 1 || !fraction.isEmpty else { return nil }
    let finer = fraction.dropFirst(9)
    guard finer.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
    let padding = [UInt8](repeating: UInt8(ascii: "0"), count: 9 - min(9, fraction.count))
    var value: Int64 = 0
    for digit in Array(whole) + fraction.prefix(9) + padding {
      guard digit.isDigit else { return nil }
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = tens.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
      guard !tooLarge, !overflow else { return nil }
      value = sum
    }
    nanoDollars = value
  }

  /// The cost of `milliUnits` thousandths of a unit for `times` (hours, say), rounded half up to
  /// a micro-dollar; nil where it does not fit.
  public func cost(milliUnits: Int64, times: Int64) -> Money? {
    let (amount, tooMany) = milliUnits.multipliedReportingOverflow(by: times)
    let (product, overflow) = amount.multipliedReportingOverflow(by: nanoDollars)
    guard !tooMany, !overflow, product >= 0, product <= Int64.max - 500_000 else { return nil }
    return Money(microDollars: (product + 500_000) / 1_000_000)
  }

  /// The price of an hour of what this is the price of a month of, rounded to a nano-dollar.
  public var hourOfMonth: Rate? {
    let (whole, rest) = nanoDollars.quotientAndRemainder(dividingBy: Cost.hoursPerMonth)
    return Rate(nanoDollars: whole + (rest >= Cost.hoursPerMonth / 2 ? 1 : 0))
  }

  /// In dollars with the digits a unit price needs, for example `$0.04048`.
  public var formatted: String {
    let fraction = String(nanoDollars % 1_000_000_000)
    var digits = String(repeating: "0", count: 9 - fraction.count) + fraction
    while digits.count > 2, digits.last == "0" { digits.removeLast() }
    return "$\(grouped(UInt64(nanoDollars / 1_000_000_000))).\(digits)"
  }
}

/// Digits in groups of three, `1234567` as `1,234,567`.
private func grouped(_ number: UInt64) -> String {
  let digits = Array(String(number))
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return text
}
