import GRDB
import Rules

/// What people chose to be told, and where they get mail.
enum NoticeChoices {
  /// What everybody chose for a kind.
  static func all(of kind: Notice.Kind, in db: Database) throws -> [Notice.Choice] {
    try Row.fetchAll(
      db, sql: "SELECT person_id, channel, is_on FROM notice_choices WHERE kind = ?",
      arguments: [kind.rawValue]
    ).compactMap { row in
      Notice.Channel(rawValue: row["channel"]).map {
        Notice.Choice(person: row["person_id"], channel: $0, isOn: row["is_on"])
      }
    }
  }

  /// What a person is told, usual or chosen.
  static func chosen(
    by person: Person, in db: Database
  ) throws -> [Notice.Kind: Set<Notice.Channel>] {
    try Notice.Kind.chosen.reduce(into: [:]) { chosen, kind in
      let own = try all(of: kind, in: db).filter { $0.person == person.id }
      chosen[kind] = Set(
        Notice.Channel.allCases.filter { channel in
          own.last { $0.channel == channel }?.isOn ?? kind.isUsual
        })
    }
  }

  /// Where a person gets mail; nil where nobody knows.
  static func address(of person: Person, in db: Database) throws -> String? {
    try String.fetchOne(
      db, sql: "SELECT address FROM people_addresses WHERE person_id = ?", arguments: [person.id])
  }

  /// Keeps what a person chose of the ways there are, and where they get mail; nil for nowhere.
  static func choose(
    _ chosen: [Notice.Kind: Set<Notice.Channel>], of channels: Set<Notice.Channel>,
    address: MailAddress?, by person: Person, at now: Moment, in db: Database
  ) throws {
    var names: [String] = []
    for kind in Notice.Kind.chosen {
      for channel in Notice.Channel.allCases where channels.contains(channel) {
        let isOn = chosen[kind]?.contains(channel) ?? false
        if isOn { names.append("\(kind.rawValue) \(channel.rawValue)") }
        try db.execute(
          sql: """
            INSERT OR REPLACE INTO notice_choices (person_id, kind, channel, is_on)
            VALUES (?, ?, ?, ?)
            """, arguments: [person.id, kind.rawValue, channel.rawValue, isOn])
      }
    }
    try db.execute(
      sql: "DELETE FROM people_addresses WHERE person_id = ?", arguments: [person.id])
    if let address {
      try db.execute(
        sql: "INSERT INTO people_addresses (person_id, address) VALUES (?, ?)",
        arguments: [person.id, address.text])
    }
    try AuditLog.append(
      .noticesChosen(names, hasAddress: address != nil), by: .person(person), at: now, in: db)
  }
}
