import Foundation
import Rules

/// A time zone that times are read in.
struct Zone: Hashable, Sendable {
  /// Its name in the IANA database, `Europe/Berlin`.
  let name: String
  /// What knows its offsets; nil for UTC, which has none.
  private let offsets: TimeZone?

  /// The zone of everybody who chose no other.
  static let utc = Zone(name: "UTC", offsets: nil)

  /// The zone of who reads what is being answered.
  @TaskLocal static var ofReader = Zone.utc

  private init(name: String, offsets: TimeZone?) {
    self.name = name
    self.offsets = offsets
  }

  /// The zone with this name; nil for none that `names` holds.
  init?(named name: String) {
    guard let zone = Self.all[name] else { return nil }
    self = zone
  }

  /// The names to choose from besides UTC, in their order.
  static let names = all.keys.filter { $0 != utc.name }.sorted()

  private static let all: [String: Zone] = {
    let names = TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") }
      .map { renamed[$0] ?? $0 }
    return names.reduce(into: [utc.name: utc]) { all, name in
      all[name] = TimeZone(identifier: name).map { Zone(name: name, offsets: $0) }
    }
  }()

  /// What Foundation lists under a name that the place has given up.
  private static let renamed = ["Asia/Calcutta": "Asia/Kolkata"]

  /// How far its clocks are ahead at a moment. A tenth of a microsecond: a page has hundreds.
  func offset(at moment: Moment) -> ZoneOffset {
    guard let offsets else { return .utc }
    let date = Date(timeIntervalSince1970: Double(moment.unixSeconds))
    return ZoneOffset(minutes: Int64(offsets.secondsFromGMT(for: date) / 60))
  }

  /// The moment at which its clocks show what was typed, `2026-11-24T10:05`; nil for other text,
  /// and for a time that they jump over. Of a time that they show twice it is the first.
  func moment(typed: String) -> Moment? {
    guard let shown = Moment(utcMinutes: typed) else { return nil }
    // A zone's distance from UTC changes by hours at most, so one of these two is the right one.
    return [-Span.day, Span.day].lazy
      .map { shown.adding(ms: -offset(at: shown.adding(ms: $0)).minutes * Span.minute) }
      .first { $0.adding(ms: offset(at: $0).minutes * Span.minute) == shown }
  }
}

extension Visit {
  /// A time that was typed, in the zone that its form named: a form or an address means the same
  /// for whoever sends it. UTC where it names none.
  func moment(_ name: String) -> Moment? {
    (Zone(named: field(Zone.field)) ?? .utc).moment(typed: field(name))
  }
}

extension Zone {
  /// The field in which a form names its zone.
  static let field = "zone"
}
