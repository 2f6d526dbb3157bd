import Glibc

/// Points in time as AWS writes them, and milliseconds since 1970, which is how this box counts.
enum Timestamp {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `20150830T123600Z`, as in `X-Amz-Date`.
  static func basic(ms: Int64) -> String {
    let (day, clock) = fields(ms: ms)
    return day.joined() + "T" + clock.joined() + "Z"
  }

  /// `2015-08-30T12:36:00Z`, as in parameters. Milliseconds are left out.
  static func iso8601(ms: Int64) -> String {
    let (day, clock) = fields(ms: ms)
    return day.joined(separator: "-") + "T" + clock.joined(separator: ":") + "Z"
  }

  /// Year, month and day, and hour, minute and second, in UTC.
  private static func fields(ms: Int64) -> (day: [String], clock: [String]) {
    var seconds = time_t(ms / 1_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func digits(_ value: Int32, _ count: Int = 2) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return (
      [digits(parts.tm_year + 1900, 4), digits(parts.tm_mon + 1), digits(parts.tm_mday)],
      [digits(parts.tm_hour), digits(parts.tm_min), digits(parts.tm_sec)]
    )
  }

  /// Reads ISO 8601 in UTC, `2026-11-23T19:30:48Z` or with a fraction.
  static func ms(iso8601 text: String) -> Int64? {
    guard text.hasSuffix("Z") || text.hasSuffix("+00:00") else { return nil }
    let fields = text.utf8.prefix(19).split { !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) }
      .compactMap { Int32(String(Substring($0))) }
    guard fields.count == 6 else { return nil }
    let fraction = text.dropFirst(19).prefix { $0 != "Z" && $0 != "+" }.dropFirst()
    let milli = Int64((fraction + "000").prefix(3)) ?? 0
    return ms(
      year: fields[0], month: fields[1], day: fields[2], hour: fields[3], minute: fields[4],
      second: fields[5]
    ).map { $0 + milli }
  }

  /// Reads an HTTP `Date`, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
  static func ms(httpDate text: String) -> Int64? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int32(parts[1]),
      let month = months.firstIndex(of: String(parts[2])), let year = Int32(parts[3])
    else { return nil }
    let clock = parts[4].split(separator: ":").compactMap { Int32($0) }
    guard clock.count == 3 else { return nil }
    return ms(
      year: year, month: Int32(month + 1), day: day, hour: clock[0], minute: clock[1],
      second: clock[2])
  }

  /// Reads seconds since 1970 with a fraction, as in JSON; nil for what no date is.
  static func ms(epochSeconds seconds: Double) -> Int64? {
    Int64(exactly: (seconds * 1_000).rounded())
  }

  /// Reads a date as OpenSSL prints it in a certificate, `Nov  4 08:49:37 2026 GMT`.
  static func ms(certificateDate text: String) -> Int64? {
    let parts = text.split(separator: " ")
    guard parts.count == 5 else { return nil }
    let (month, day, clock, year) = (parts[0], parts[1], parts[2], parts[3])
    return ms(httpDate: "Day, \(day) \(month) \(year) \(clock) \(parts[4])")
  }

  private static func ms(
    year: Int32, month: Int32, day: Int32, hour: Int32, minute: Int32, second: Int32
  ) -> Int64? {
    guard 1970...9999 ~= year, 1...12 ~= month, 1...31 ~= day, 0...23 ~= hour, 0...59 ~= minute,
      0...60 ~= second
    else { return nil }
    var parts = tm()
    parts.tm_year = year - 1900
    parts.tm_mon = month - 1
    parts.tm_mday = day
    parts.tm_hour = hour
    parts.tm_min = minute
    parts.tm_sec = second
    return Int64(timegm(&parts)) * 1_000
  }
}

/// A point in time in JSON: seconds since 1970, with a fraction.
struct EpochTime: Sendable, Equatable, Decodable {
  /// Milliseconds since 1970.
  let ms: Int64

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    guard let ms = Timestamp.ms(epochSeconds: try value.decode(Double.self)) else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "not a point in time")
    }
    self.ms = ms
  }
}
