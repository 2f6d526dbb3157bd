extension Route53 {
  /// The records of one name and type.
  public struct RecordSet: Sendable, Equatable {
    /// The name, without a dot at the end; a wildcard begins with `*`.
    public var name: String
    /// `A`, `CNAME`, `TXT` and others.
    public var type: String
    /// How many seconds caches keep them; nil for an alias.
    public var ttl: Int64?
    /// The values as they stand in the zone; texts are in quotation marks.
    public var values: [String]
    /// What answers in place of values; nil where there are values.
    public var alias: Alias?
    /// Tells weighted and other sets of one name and type apart; nil for one set.
    public var identifier: String?
    /// Whether the set says more than is here, such as a weight or a health check. It can't be
    /// written: it would say less than it did.
    public let saysMore: Bool

    /// A record set that says no more than this.
    public init(
      name: String, type: String, ttl: Int64? = nil, values: [String] = [], alias: Alias? = nil
    ) {
      self.name = name
      self.type = type
      self.ttl = ttl
      self.values = values
      self.alias = alias
      identifier = nil
      saysMore = false
    }

    fileprivate init(name: String, type: String, _ row: XMLElement) {
      self.name = name
      self.type = type
      ttl = row.text("TTL").flatMap { Int64($0) }
      values = row.list("ResourceRecords").compactMap { $0.text("Value") }
      alias = row["AliasTarget"].map(Alias.init)
      identifier = row.text("SetIdentifier")
      saysMore = row.children.contains { !Self.known.contains($0.name) }
    }

    /// The members that are read and can be written.
    private static let known: Set = ["Name", "Type", "TTL", "ResourceRecords", "AliasTarget"]

    fileprivate var xml: String {
      let records = values.map {
        "<ResourceRecord><Value>\(XMLElement.escape($0))</Value></ResourceRecord>"
      }
      return "<ResourceRecordSet><Name>\(XMLElement.escape(name))</Name>"
        + "<Type>\(XMLElement.escape(type))</Type>" + (ttl.map { "<TTL>\($0)</TTL>" } ?? "")
        + (values.isEmpty ? "" : "<ResourceRecords>\(records.joined())</ResourceRecords>")
        + (alias?.xml ?? "") + "</ResourceRecordSet>"
    }
  }

  /// Another AWS resource that an alias answers with.
  public struct Alias: Sendable, Equatable {
    /// The zone of the target, which AWS gives to each kind of resource and region.
    public var zone: String
    /// The target's DNS name, without a dot at the end.
    public var name: String
    /// Whether the target counts only while it is healthy.
    public var evaluatesHealth: Bool

    /// An alias.
    public init(zone: String, name: String, evaluatesHealth: Bool) {
      self.zone = zone
      self.name = name
      self.evaluatesHealth = evaluatesHealth
    }

    fileprivate init(_ target: XMLElement) {
      zone = target.text("HostedZoneId") ?? ""
      name = Route53.name(fromWire: target.text("DNSName") ?? "")
      evaluatesHealth = target.text("EvaluateTargetHealth") == "true"
    }

    fileprivate var xml: String {
      "<AliasTarget><HostedZoneId>\(XMLElement.escape(zone))</HostedZoneId>"
        + "<DNSName>\(XMLElement.escape(name))</DNSName>"
        + "<EvaluateTargetHealth>\(evaluatesHealth)</EvaluateTargetHealth></AliasTarget>"
    }
  }

  /// What is done to a record set.
  public enum Change: Sendable, Equatable {
    /// Made; refused where there is one of its name and type.
    case create(RecordSet)
    /// Taken away; refused unless every value is as it stands in the zone.
    case delete(RecordSet)
    /// Made, or put in place of all that the one of its name and type says.
    case upsert(RecordSet)

    fileprivate var parts: (action: String, set: RecordSet) {
      switch self {
      case .create(let set): ("CREATE", set)
      case .delete(let set): ("DELETE", set)
      case .upsert(let set): ("UPSERT", set)
      }
    }
  }

  /// ListResourceRecordSets (Amazon Route 53 API Reference), every page, in the zone's order.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such zone.
  public func listResourceRecordSets(zone id: String) async throws(AWSError) -> [RecordSet] {
    let operation = Operation.read(.route53, "ListResourceRecordSets")
    // The next page begins at a name, a type and perhaps an identifier: together its token.
    return try await client.pages(operation) { start async throws(AWSError) in
      let page = try await document(
        request(operation, zone: id, "/rrset", query: start ?? ""), zone: id)
      var sets: [RecordSet] = []
      for row in page.list("ResourceRecordSets") {
        let name = try client.text("Name", of: row, operation)
        let type = try client.text("Type", of: row, operation)
        sets.append(RecordSet(name: Self.name(fromWire: name), type: type, row))
      }
      return (sets, page.text("IsTruncated") == "true" ? Self.start(of: page) : nil)
    }
  }

  /// Where the page after this one begins.
  private static func start(of page: XMLElement) -> String {
    [
      ("identifier", "NextRecordIdentifier"), ("name", "NextRecordName"),
      ("type", "NextRecordType"),
    ]
    .compactMap { field, member in
      page.text(member).map { "\(field)=\(PercentEncoding.encode($0))" }
    }
    .joined(separator: "&")
  }

  /// ChangeResourceRecordSets (Amazon Route 53 API Reference): all of these or, when one is
  /// refused, none.
  /// - Returns: the change, which goes on after the answer; ``getChange(_:)`` tells how far it is.
  /// - Throws: ``AWSError`` with reason `misconfigured` for a set that says more than is here.
  public func changeResourceRecordSets(
    zone id: String, _ changes: [Change]
  ) async throws(AWSError) -> ChangeInfo {
    let operation = Operation.write(.route53, "ChangeResourceRecordSets")
    if let set = changes.map(\.parts.set).first(where: \.saysMore) {
      throw client.failure(
        .misconfigured(
          "the record “\(set.name)” of type \(set.type) says more than Caretaker can write. "
            + "Change it where it comes from."), operation)
    }
    let batch = changes.map(\.parts).map {
      "<Change><Action>\($0.action)</Action>\($0.set.xml)</Change>"
    }
    var request = request(operation, zone: id, "/rrset/")
    request.method = "POST"
    request.headers = [HTTPHeader("Content-Type", "application/xml")]
    request.body = Array(
      ("<ChangeResourceRecordSetsRequest xmlns=\"\(Self.namespace)\"><ChangeBatch><Changes>"
        + batch.joined() + "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>").utf8)
    return try change(try await document(request, zone: id), operation)
  }
}
