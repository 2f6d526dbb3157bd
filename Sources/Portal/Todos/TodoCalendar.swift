import Rules

/// Due dates as a calendar that other programs read (RFC 5545): a day-long event for each that is
/// open and has one. Events, because most calendars leave out components of the other kind.
struct TodoCalendar {
  /// The log's name, which no other installation has.
  let logID: String
  /// When each was last touched.
  let touched: [Int64: Moment]

  /// The most octets of a line, its end not counted (§3.1).
  private static let octetsMax = 75

  func file(_ todos: [Todo], at now: Moment) -> [UInt8] {
    let head = [
      "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Caretaker//TODOs//EN", "CALSCALE:GREGORIAN",
      // How often to read it again (RFC 7986 §5.7).
      "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    let events = todos.flatMap { todo in todo.due.map { event(todo, due: $0, at: now) } ?? [] }
    // Without an event it still has to have a component (RFC 5545 §3.6).
    let lines = head + (events.isEmpty ? Self.zone : events) + ["END:VCALENDAR"]
    return Array(lines.map { Self.folded($0) + "\r\n" }.joined().utf8)
  }

  private func event(_ todo: Todo, due: Day, at now: Moment) -> [String] {
    let owner = todo.owner.map { "\($0.name) has it." } ?? "Nobody has it yet."
    let snooze =
      todo.isSnoozed(at: now) ? todo.snooze.map { "\nSnoozed until \($0.until.iso)." } ?? "" : ""
    return [
      "BEGIN:VEVENT",
      // The same for good, so that a calendar that reads the file again moves it.
      "UID:todo-\(todo.number)@\(logID).caretaker",
      "DTSTAMP:\(Self.stamp(touched[todo.number] ?? todo.openedAt))",
      "DTSTART;VALUE=DATE:\(Self.date(due))", "DTEND;VALUE=DATE:\(Self.date(due.next))",
      "SUMMARY:\(Self.escaped(todo.title))",
      "DESCRIPTION:\(Self.escaped("TODO \(todo.number). \(owner)\(snooze)"))",
      "TRANSP:TRANSPARENT", "END:VEVENT",
    ]
  }

  private static let zone = [
    "BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE",
  ]

  private static func date(_ day: Day) -> String { day.iso.filter { $0 != "-" } }

  /// `20261123T190500Z`.
  private static func stamp(_ moment: Moment) -> String {
    moment.iso.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
  }

  /// Text as the value of a property (§3.3.11). Control characters have no place in it.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
      switch scalar {
      case "\\", ";", ",": escaped += "\\\(scalar)"
      case "\n", "\r": escaped += "\\n"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: break
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A line broken where it is too long, never inside a character (§3.1).
  static func folded(_ line: String) -> String {
    var folded = ""
    var octets = 0
    for scalar in line.unicodeScalars {
      let width = UTF8.width(scalar)
      if octets + width > octetsMax {
        folded += "\r\n "
        octets = 1
      }
      folded.unicodeScalars.append(scalar)
      octets += width
    }
    return folded
  }
}
