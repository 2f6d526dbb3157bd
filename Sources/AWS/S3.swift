/// Amazon Simple Storage Service: the bucket of the blog's images and that of the anchors.
public struct S3: Sendable {
  let client: Client

  /// S3 through a client.
  public init(_ client: Client) { self.client = client }

  /// Whether a bucket keeps what is overwritten or deleted.
  public enum Versioning: Sendable, Equatable {
    /// It does.
    case enabled
    /// It did once, and keeps what it had.
    case suspended
    /// It never did.
    case never
  }

  /// GetBucketVersioning (Amazon S3 API Reference).
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such bucket.
  public func getBucketVersioning(_ bucket: String) async throws(AWSError) -> Versioning {
    let operation = Operation.read(.s3, "GetBucketVersioning")
    let root = try await document(
      "VersioningConfiguration", request(operation, bucket, query: "versioning="), bucket: bucket)
    switch root.text("Status") {
    case nil: return .never
    case "Enabled": return .enabled
    case "Suspended": return .suspended
    default: throw client.failure(.unreadable("“Status” is of another kind"), operation)
    }
  }

  /// PutBucketVersioning (Amazon S3 API Reference). S3 may take some minutes to follow it
  /// everywhere. Once enabled, it can only be suspended: what is kept stays.
  public func putBucketVersioning(
    _ bucket: String, enabled: Bool
  ) async throws(AWSError) {
    try await put(
      "<VersioningConfiguration xmlns=\"\(Self.namespace)\">"
        + "<Status>\(enabled ? "Enabled" : "Suspended")</Status></VersioningConfiguration>",
      request(.write(.s3, "PutBucketVersioning"), bucket, query: "versioning="), bucket: bucket)
  }

  /// Whether a bucket is there, by GetBucketLocation: the refusals of HeadBucket have no body and
  /// so no code to tell why.
  /// - Throws: ``AWSError`` also for a bucket of another account, with `AccessDenied`.
  public func bucketExists(_ bucket: String) async throws(AWSError) -> Bool {
    let operation = Operation.read(.s3, "GetBucketLocation")
    do {
      _ = try await document(
        "LocationConstraint", request(operation, bucket, query: "location="), bucket: bucket)
      return true
    } catch {
      if case .notFound = error.reason { return false }
      throw error
    }
  }

  /// DeleteBucket (Amazon S3 API Reference). Refused with `BucketNotEmpty` while there is any
  /// object, version or delete marker in it.
  public func deleteBucket(_ bucket: String) async throws(AWSError) {
    var request = request(.write(.s3, "DeleteBucket"), bucket)
    request.method = "DELETE"
    _ = try await answer(to: request, bucket: bucket)
  }
}
