/// Objects that several writers share: each writes only where the object is still the one it saw.
extension S3 {
  /// An object, and the version of it that was read.
  public struct Tagged: Sendable, Equatable {
    /// The whole content.
    public let body: [UInt8]
    /// Its ETag, with its quotes.
    public let etag: String
  }

  /// GetObject, with its ETag; nil where there is no such object. Without `s3:ListBucket` S3
  /// refuses that as not allowed.
  public func getTagged(_ key: String, in bucket: String) async throws(AWSError) -> Tagged? {
    let operation = Operation.read(.s3, "GetObject")
    let answer: HTTPAnswer
    do {
      answer = try await self.answer(to: request(operation, bucket, key: key), bucket: bucket)
    } catch {
      guard error.code == "NoSuchKey" else { throw error }
      return nil
    }
    return Tagged(body: answer.body, etag: try etag(of: answer, operation))
  }

  /// PutObject where the object is still as it was seen (Amazon S3 User Guide, “Conditional
  /// writes”): `If-Match`, or `If-None-Match: *` where there was none.
  /// - Returns: the new ETag; nil where the object is another one by now, or somebody wrote it at
  ///   the same time. Nothing was written then.
  public func replace(
    _ etag: String?, at key: String, in bucket: String, by body: [UInt8]
  ) async throws(AWSError) -> String? {
    let request = putting(
      body, at: key, in: bucket,
      [
        HTTPHeader("Content-Type", "application/json"),
        etag.map { HTTPHeader("If-Match", $0) } ?? HTTPHeader("If-None-Match", "*"),
      ])
    do {
      return try self.etag(of: try await answer(to: request, bucket: bucket), request.operation)
    } catch {
      guard Self.overtakenCodes.contains(error.code ?? "") else { throw error }
      return nil
    }
  }

  /// Codes by which S3 says that the object is not as it was seen: changed, being written, or gone.
  private static let overtakenCodes: Set = [
    "PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey",
  ]

  private func etag(
    of answer: HTTPAnswer, _ operation: Operation
  ) throws(AWSError) -> String {
    guard let etag = answer.header("ETag"), !etag.isEmpty else {
      throw client.failure(.unreadable("“ETag” is missing"), operation)
    }
    return etag
  }
}
