/// What was read of the DNS zone.
public struct ZoneFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.zone

  /// The zone's id.
  public var id: String
  /// The zone's name, without a dot at the end.
  public var name: String
  /// Its records, by name and type.
  public var records: [RecordSet]

  /// Facts, as read.
  public init(id: String, name: String, records: [RecordSet]) {
    self.id = id
    self.name = name
    self.records = records
  }
}

/// Records of one name and type.
public struct RecordSet: Codable, Hashable, Sendable {
  /// The name, without a dot at the end; `*` where the zone says `\\052`.
  public var name: String
  /// `A`, `CNAME`, `TXT` and others.
  public var type: String
  /// How many seconds caches keep it; nil for an alias.
  public var ttl: Int64?
  /// The values, as they stand in the zone.
  public var values: [String]
  /// What an alias points to; empty for records with values.
  public var alias: String
  /// Tells weighted and other sets of one name and type apart; empty for one.
  public var identifier: String

  /// Records.
  public init(
    name: String, type: String, ttl: Int64?, values: [String], alias: String, identifier: String
  ) {
    self.name = name
    self.type = type
    self.ttl = ttl
    self.values = values
    self.alias = alias
    self.identifier = identifier
  }
}
