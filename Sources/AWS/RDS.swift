/// Amazon Relational Database Service: the blog's database.
public struct RDS: Sendable {
  let client: Client

  /// RDS through a client.
  public init(_ client: Client) { self.client = client }

  /// DescribeDBInstances (Amazon RDS API Reference), for one instance.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such instance.
  public func describeDBInstance(id: String) async throws(AWSError) -> Instance {
    let operation = Operation.read(.rds, "DescribeDBInstances")
    let missing = client.failure(.notFound("There is no database “\(id)”."), operation)
    let result: XMLElement
    do {
      result = try await client.query(operation, [("DBInstanceIdentifier", id)])
    } catch {
      throw ["DBInstanceNotFound", "DBInstanceNotFoundFault"].contains(error.code) ? missing : error
    }
    guard let found = result.list("DBInstances").first else { throw missing }
    return try instance(found, operation)
  }

  /// The answer of an operation that gives the instance it is about.
  func instance(
    answering operation: Operation, _ fields: [(String, String)]
  ) async throws(AWSError) -> Instance {
    let result = try await client.query(operation, fields)
    return try instance(try member("DBInstance", of: result, operation), operation)
  }

  /// A member that AWS always sends.
  func member(
    _ name: String, of result: XMLElement, _ operation: Operation
  ) throws(AWSError) -> XMLElement {
    guard let found = result[name] else {
      throw client.failure(.unreadable("“\(name)” is missing"), operation)
    }
    return found
  }

  /// Every entry of a list, page after page.
  func list<Entry>(
    _ name: String, _ operation: Operation, _ fields: [(String, String)],
    _ read: (XMLElement) throws(AWSError) -> Entry
  ) async throws(AWSError) -> [Entry] {
    try await client.list(
      name, operation, fields + [("MaxRecords", "100")], by: ("Marker", "Marker"), read)
  }
}
