extension RDS {
  /// A snapshot of an instance.
  public struct Snapshot: Sendable, Equatable {
    /// The snapshot's name; those RDS makes begin with `rds:`.
    public let id: String
    /// The snapshot's ARN.
    public let arn: String
    /// The instance it is of, which may be gone.
    public let instance: String
    /// `creating`, `available` and the like.
    public let status: String
    /// `manual`, kept until somebody deletes it, or `automated`, which goes with its instance.
    public let type: String
    /// When it was made, in milliseconds since 1970; nil while it is being made.
    public let createdMs: Int64?
    /// How much of it is made, 0 to 100.
    public let percentDone: Int
    /// Whether it is encrypted, and so whatever is restored from it.
    public let encrypted: Bool
    /// The key it is encrypted with; nil without.
    public let kmsKeyID: String?
    /// The engine's version.
    public let engineVersion: String
    /// The storage of the instance in GiB.
    public let allocatedStorageGiB: Int
  }

  /// Who may restore a manual snapshot beside its own account.
  public struct Sharing: Sendable, Equatable {
    /// Whether every AWS account may.
    public let isPublic: Bool
    /// The accounts that may, by their ids.
    public let accounts: [String]
  }

  /// DescribeDBSnapshots (Amazon RDS API Reference): every manual and automated snapshot of an
  /// instance. None of an instance that never was.
  public func describeDBSnapshots(instance: String) async throws(AWSError) -> [Snapshot] {
    let operation = Operation.read(.rds, "DescribeDBSnapshots")
    return try await list(
      "DBSnapshots", operation, [("DBInstanceIdentifier", instance)]
    ) { row throws(AWSError) in try snapshot(row, operation) }
  }

  /// DescribeDBSnapshotAttributes (Amazon RDS API Reference).
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such snapshot.
  public func describeDBSnapshotAttributes(_ id: String) async throws(AWSError) -> Sharing {
    let operation = Operation.read(.rds, "DescribeDBSnapshotAttributes")
    let result: XMLElement
    do {
      result = try await client.query(operation, [("DBSnapshotIdentifier", id)])
    } catch {
      guard ["DBSnapshotNotFound", "DBSnapshotNotFoundFault"].contains(error.code) else {
        throw error
      }
      throw client.failure(.notFound("There is no snapshot “\(id)”."), operation)
    }
    let attributes = try member("DBSnapshotAttributesResult", of: result, operation)
    let restore = attributes.list("DBSnapshotAttributes")
      .first { $0.text("AttributeName") == "restore" }
    let values = restore?.list("AttributeValues").map(\.text) ?? []
    return Sharing(isPublic: values.contains("all"), accounts: values.filter { $0 != "all" })
  }

  /// CreateDBSnapshot (Amazon RDS API Reference). A database in one zone stops for some seconds.
  /// - Parameter snapshot: The name: 1 to 255 letters, digits and hyphens, beginning with a letter.
  ///   A name that is taken is refused.
  public func createDBSnapshot(
    _ snapshot: String, of instance: String
  ) async throws(AWSError) -> Snapshot {
    try await self.snapshot(
      answering: .write(.rds, "CreateDBSnapshot"),
      [("DBSnapshotIdentifier", snapshot), ("DBInstanceIdentifier", instance)])
  }

  /// CopyDBSnapshot (Amazon RDS API Reference), within the region. The copy is a manual one.
  /// - Parameters:
  ///   - copy: The name of the copy, as ``createDBSnapshot(_:of:)`` takes it.
  ///   - kmsKeyID: The key to encrypt the copy with; nil copies as it is.
  public func copyDBSnapshot(
    _ snapshot: String, to copy: String, kmsKeyID: String?
  ) async throws(AWSError) -> Snapshot {
    try await self.snapshot(
      answering: .write(.rds, "CopyDBSnapshot"),
      [
        ("SourceDBSnapshotIdentifier", snapshot), ("TargetDBSnapshotIdentifier", copy),
        ("CopyTags", "true"),
      ] + (kmsKeyID.map { [("KmsKeyId", $0)] } ?? []))
  }

  /// The answer of an operation that gives the snapshot it is about.
  private func snapshot(
    answering operation: Operation, _ fields: [(String, String)]
  ) async throws(AWSError) -> Snapshot {
    let result = try await client.query(operation, fields)
    return try snapshot(try member("DBSnapshot", of: result, operation), operation)
  }

  private func snapshot(
    _ row: XMLElement, _ operation: Operation
  ) throws(AWSError) -> Snapshot {
    func text(_ name: String) throws(AWSError) -> String {
      try client.text(name, of: row, operation)
    }
    return Snapshot(
      id: try text("DBSnapshotIdentifier"), arn: try text("DBSnapshotArn"),
      instance: try text("DBInstanceIdentifier"), status: try text("Status"),
      type: try text("SnapshotType"), createdMs: row.timeMs("SnapshotCreateTime"),
      percentDone: try client.integer("PercentProgress", of: row, operation),
      encrypted: try client.bool("Encrypted", of: row, operation),
      kmsKeyID: row.text("KmsKeyId"), engineVersion: try text("EngineVersion"),
      allocatedStorageGiB: try client.integer("AllocatedStorage", of: row, operation))
  }
}
