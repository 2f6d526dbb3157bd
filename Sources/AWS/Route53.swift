/// Amazon Route 53: the blog's DNS zone. It is one service for all regions, called in us-east-1.
public struct Route53: Sendable {
  let client: Client

  /// Route 53 through a client.
  public init(_ client: Client) { self.client = client }

  static let namespace = "https://route53.amazonaws.com/doc/2013-04-01/"
  private static let root = "/2013-04-01/"

  /// A hosted zone.
  public struct Zone: Sendable, Equatable {
    /// Its id, `Z0123456789ABCDEFGHIJ`.
    public let id: String
    /// Its name, without a dot at the end.
    public let name: String
  }

  /// A change as Route 53 carries it to its servers.
  public struct ChangeInfo: Sendable, Equatable {
    /// The change's id.
    public let id: String
    /// Whether every server of Route 53 has it. Caches may still keep what was before.
    public let isInSync: Bool
  }

  /// GetHostedZone (Amazon Route 53 API Reference).
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such zone.
  public func getHostedZone(_ id: String) async throws(AWSError) -> Zone {
    let operation = Operation.read(.route53, "GetHostedZone")
    let answer = try await document(request(operation, zone: id), zone: id)
    guard let found = answer["HostedZone"] else {
      throw client.failure(.unreadable("“HostedZone” is missing"), operation)
    }
    return Zone(
      id: Self.bare(try client.text("Id", of: found, operation)),
      name: Self.name(fromWire: try client.text("Name", of: found, operation)))
  }

  /// GetChange (Amazon Route 53 API Reference): how far a change is. It takes up to a minute.
  /// - Parameter id: From ``changeResourceRecordSets(zone:_:)``.
  public func getChange(_ id: String) async throws(AWSError) -> ChangeInfo {
    let operation = Operation.read(.route53, "GetChange")
    let path = "change/\(PercentEncoding.encode(id))"
    return try change(try await document(request(operation, path)), operation)
  }

  /// A request by `GET`; the path goes on after the version.
  func request(_ operation: Operation, _ path: String, query: String = "") -> Request {
    Request(operation: operation, method: "GET", path: Self.root + path, query: query)
  }

  /// A request by `GET` about a zone.
  func request(
    _ operation: Operation, zone id: String, _ rest: String = "", query: String = ""
  ) -> Request {
    request(operation, "hostedzone/\(PercentEncoding.encode(id))\(rest)", query: query)
  }

  /// The XML answer to a request, with the zone's id in the failure where it is not there.
  func document(_ request: Request, zone id: String = "") async throws(AWSError) -> XMLElement {
    let operation = request.operation
    let answer: HTTPAnswer
    do { answer = try await client.answer(to: request) } catch {
      throw error.code == "NoSuchHostedZone"
        ? client.failure(.notFound("There is no DNS zone “\(id)”."), operation) : error
    }
    let root = try client.xml(answer, operation)
    guard root.name == "\(operation.name)Response" else {
      throw client.failure(.unreadable("it is not a \(operation.name)Response"), operation)
    }
    return root
  }

  /// What an answer says of a change.
  func change(_ answer: XMLElement, _ operation: Operation) throws(AWSError) -> ChangeInfo {
    guard let info = answer["ChangeInfo"] else {
      throw client.failure(.unreadable("“ChangeInfo” is missing"), operation)
    }
    return ChangeInfo(
      id: Self.bare(try client.text("Id", of: info, operation)),
      isInSync: try client.text("Status", of: info, operation) == "INSYNC")
  }

  /// The id alone of `/hostedzone/Z0123` or `/change/C0123`.
  private static func bare(_ id: String) -> String {
    id.split(separator: "/").last.map(String.init) ?? id
  }

  /// A name as people write it: without the dot at its end, and with the `*` of a wildcard, which
  /// Route 53 writes as `\052`.
  static func name(fromWire name: String) -> String {
    let name = name.hasPrefix("\\052") ? "*" + name.dropFirst(4) : name
    return name.hasSuffix(".") ? String(name.dropLast()) : name
  }
}
