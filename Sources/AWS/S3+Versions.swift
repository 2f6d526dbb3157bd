extension S3 {
  /// A version of an object, or the mark that stands for its deletion.
  public struct ObjectVersion: Sendable, Equatable {
    /// The object's key.
    public let key: String
    /// The version's id; `null` for what was there before versioning.
    public let id: String
    /// Whether it is what a reader gets now.
    public let isLatest: Bool
    /// Whether it stands for a deletion.
    public let isDeleteMarker: Bool
    /// When it was written, in milliseconds since 1970.
    public let modifiedMs: Int64
    /// Its bytes; nil for a delete marker.
    public let sizeBytes: Int64?
  }

  /// Versions of objects.
  public struct VersionList: Sendable, Equatable {
    /// By key, the latest of each first.
    public let versions: [ObjectVersion]
    /// The key behind which the list goes on; nil when this is its end. Older versions of that
    /// key itself may be left out, its latest never is.
    public let next: String?
    /// Whether there are more than were asked for.
    public var isCut: Bool { next != nil }
  }

  /// ListObjectVersions (Amazon S3 API Reference), page after page.
  /// - Parameters:
  ///   - after: Only keys behind this one; empty for all.
  ///   - limit: How many versions and delete markers to read at most.
  public func listObjectVersions(
    _ bucket: String, prefix: String, after: String = "", limit: Int
  ) async throws(AWSError) -> VersionList {
    let operation = Operation.read(.s3, "ListObjectVersions", action: "ListBucketVersions")
    var found: [ObjectVersion] = []
    var marker = after.isEmpty ? "" : "&key-marker=" + PercentEncoding.encode(after)
    var reached = after
    for _ in 0..<Client.pagesMax {
      let count = min(Self.versionsPerPageMax, limit - found.count)
      let query = "versions=&max-keys=\(count)&prefix=" + PercentEncoding.encode(prefix) + marker
      let page = try await document(
        "ListVersionsResult", request(operation, bucket, query: query), bucket: bucket)
      for row in page.children where row.name == "Version" || row.name == "DeleteMarker" {
        found.append(try version(row, operation))
      }
      guard page.text("IsTruncated") == "true" else {
        return VersionList(versions: Self.inOrder(found), next: nil)
      }
      reached = try client.text("NextKeyMarker", of: page, operation)
      guard found.count < limit else { break }
      let next = self.marker(behind: page, key: reached)
      guard next != marker else {
        throw client.failure(.unreadable("its list comes back to the same page"), operation)
      }
      marker = next
    }
    return VersionList(versions: Self.inOrder(found), next: reached)
  }

  /// DeleteObject of one version (Amazon S3 API Reference), for ever. Of a delete marker it brings
  /// back the object. A version that is not there is no error.
  public func deleteObject(
    _ key: String, in bucket: String, versionID: String
  ) async throws(AWSError) {
    var request = request(
      .write(.s3, "DeleteObject", action: "DeleteObjectVersion"), bucket, key: key,
      query: "versionId=" + PercentEncoding.encode(versionID))
    request.method = "DELETE"
    _ = try await answer(to: request, bucket: bucket)
  }

  /// CopyObject of an older version onto its own key (Amazon S3 API Reference): it becomes the
  /// latest, and what was the latest stays. Up to 5 GB. It needs `s3:GetObjectVersion` beside
  /// `s3:PutObject`.
  /// - Returns: the new version's id; nil in a bucket without versioning.
  public func copyObject(
    _ key: String, in bucket: String, fromVersion versionID: String
  ) async throws(AWSError) -> String? {
    let operation = Operation.write(.s3, "CopyObject", action: "PutObject")
    var request = request(operation, bucket, key: key)
    request.method = "PUT"
    request.headers = [
      HTTPHeader(
        "x-amz-copy-source",
        request.path + "?versionId=" + PercentEncoding.encode(versionID))
    ]
    let answer = try await answer(to: request, bucket: bucket)
    let root = try client.xml(answer, operation)
    // A copy may fail after its answer has begun, with status 200.
    guard root.name == "CopyObjectResult" else {
      throw client.failure(
        .unreadable("it is not a CopyObjectResult but \(root.text("Code") ?? root.name)"),
        operation)
    }
    return answer.header("x-amz-version-id")
  }

  /// The most that S3 gives in a page.
  private static let versionsPerPageMax = 1_000

  private func version(
    _ row: XMLElement, _ operation: Operation
  ) throws(AWSError) -> ObjectVersion {
    guard let modifiedMs = row.timeMs("LastModified") else {
      throw client.failure(.unreadable("“LastModified” is missing"), operation)
    }
    return ObjectVersion(
      key: try client.text("Key", of: row, operation),
      id: try client.text("VersionId", of: row, operation),
      isLatest: try client.bool("IsLatest", of: row, operation),
      isDeleteMarker: row.name == "DeleteMarker", modifiedMs: modifiedMs,
      sizeBytes: row.text("Size").flatMap { Int64($0) })
  }

  private func marker(behind page: XMLElement, key: String) -> String {
    let version = page.text("NextVersionIdMarker") ?? ""
    return "&key-marker=" + PercentEncoding.encode(key)
      + (version.isEmpty ? "" : "&version-id-marker=" + PercentEncoding.encode(version))
  }

  /// Versions and delete markers of a key together, the latest first.
  private static func inOrder(_ versions: [ObjectVersion]) -> [ObjectVersion] {
    versions.enumerated().sorted { one, other in
      let (a, b) = (one.element, other.element)
      if a.key != b.key { return a.key.utf8.lexicographicallyPrecedes(b.key.utf8) }
      if a.isLatest != b.isLatest { return a.isLatest }
      return a.modifiedMs != b.modifiedMs
        ? a.modifiedMs > b.modifiedMs : one.offset < other.offset
    }
    .map(\.element)
  }
}
