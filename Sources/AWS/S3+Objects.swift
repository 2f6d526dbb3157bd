extension S3 {
  /// What keeps a bucket's objects from being deleted.
  public enum ObjectLock: Sendable, Equatable {
    /// Nothing.
    case none
    /// A retention that each object has to ask for.
    case onRequest
    /// A retention that every new object gets.
    case byDefault
  }

  /// What became of an object that must not replace another.
  public enum Placing: Sendable, Equatable {
    /// It is there now.
    case placed
    /// There is one of that name; it was left as it is.
    case taken
  }

  /// GetObjectLockConfiguration.
  public func getObjectLock(_ bucket: String) async throws(AWSError) -> ObjectLock {
    let operation = Operation.read(
      .s3, "GetObjectLockConfiguration", action: "GetBucketObjectLockConfiguration")
    let root = try await configuration(
      "ObjectLockConfiguration", request(operation, bucket, query: "object-lock="),
      bucket: bucket, noneByCode: "ObjectLockConfigurationNotFoundError")
    guard let root else { return .none }
    guard root.text("ObjectLockEnabled") == "Enabled" else { return .none }
    return root["Rule"]?["DefaultRetention"] == nil ? .onRequest : .byDefault
  }

  /// PutObject that never replaces: `If-None-Match: *`.
  /// - Parameter lockedUntil: for how long nobody may delete it, `2027-12-31T00:00:00Z`; nil for
  ///   what the bucket does by itself.
  public func place(
    _ body: [UInt8], at key: String, in bucket: String, lockedUntil: String?
  ) async throws(AWSError) -> Placing {
    var headers = [
      HTTPHeader("Content-Type", "text/plain; charset=utf-8"), HTTPHeader("If-None-Match", "*"),
    ]
    if let lockedUntil {
      headers.append(HTTPHeader("x-amz-object-lock-mode", "COMPLIANCE"))
      headers.append(HTTPHeader("x-amz-object-lock-retain-until-date", lockedUntil))
    }
    let request = putting(body, at: key, in: bucket, headers)
    do {
      _ = try await answer(to: request, bucket: bucket)
      return .placed
    } catch {
      guard error.code == "PreconditionFailed" else { throw error }
      return .taken
    }
  }

  /// PutObject of content that is checked where it arrives.
  func putting(
    _ body: [UInt8], at key: String, in bucket: String, _ headers: [HTTPHeader]
  ) -> Request {
    var request = request(.write(.s3, "PutObject"), bucket, key: key)
    request.method = "PUT"
    request.headers = headers + Self.checksum(of: body)
    request.body = body
    request.moreMs = Request.timeToMove(body.count)
    return request
  }

  /// GetObject, whole.
  /// - Parameter bytesMax: the longest that is read.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such object.
  public func getObject(
    _ key: String, in bucket: String, bytesMax: Int = HTTPCall.answerBytesMaxDefault
  ) async throws(AWSError) -> [UInt8] {
    let operation = Operation.read(.s3, "GetObject")
    var request = request(operation, bucket, key: key)
    request.answerBytesMax = bytesMax
    request.moreMs = Request.timeToMove(bytesMax - HTTPCall.answerBytesMaxDefault)
    do {
      return try await answer(to: request, bucket: bucket).body
    } catch {
      guard error.code == "NoSuchKey" else { throw error }
      throw client.failure(.notFound("There is no “\(key)” in “\(bucket)”."), operation)
    }
  }

  /// ListObjectsV2: keys with a prefix in the order of their bytes, those behind `start` only.
  public func listObjects(
    _ bucket: String, prefix: String, after start: String?
  ) async throws(AWSError) -> [String] {
    let operation = Operation.read(.s3, "ListObjectsV2", action: "ListBucket")
    return try await client.pages(operation) { token throws(AWSError) in
      var query = "list-type=2&prefix=" + PercentEncoding.encode(prefix)
      if let start { query += "&start-after=" + PercentEncoding.encode(start) }
      if let token { query += "&continuation-token=" + PercentEncoding.encode(token) }
      let root = try await document(
        "ListBucketResult", request(operation, bucket, query: query), bucket: bucket)
      let keys = root.children.filter { $0.name == "Contents" }.compactMap { $0.text("Key") }
      return (keys, root.text("IsTruncated") == "true" ? root.text("NextContinuationToken") : nil)
    }
  }
}
