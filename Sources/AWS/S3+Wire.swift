import Cryptography

extension S3 {
  static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

  /// A request by `GET`. The bucket stands in the path, where any name is safe; in a host name one
  /// with a dot would not match the certificate.
  func request(
    _ operation: Operation, _ bucket: String, key: String = "", query: String = ""
  ) -> Request {
    let object = key.isEmpty ? "" : "/" + PercentEncoding.encode(key, keepingSlashes: true)
    return Request(
      operation: operation, method: "GET", path: "/" + PercentEncoding.encode(bucket) + object,
      query: query)
  }

  /// The answer to a request, with the bucket's name in the failure where it is not there.
  func answer(to request: Request, bucket: String) async throws(AWSError) -> HTTPAnswer {
    do { return try await client.answer(to: request) } catch {
      throw error.code == "NoSuchBucket"
        ? client.failure(.notFound("There is no bucket “\(bucket)”."), error.operation) : error
    }
  }

  /// The XML answer to a request, which has to have the root that the API Reference names.
  func document(
    _ root: String, _ request: Request, bucket: String
  ) async throws(AWSError) -> XMLElement {
    let found = try client.xml(try await answer(to: request, bucket: bucket), request.operation)
    guard found.name == root else {
      throw client.failure(.unreadable("it is not a \(root)"), request.operation)
    }
    return found
  }

  /// As `document`, with nil where S3 refuses by a code that says that nothing is configured.
  func configuration(
    _ root: String, _ request: Request, bucket: String, noneByCode code: String
  ) async throws(AWSError) -> XMLElement? {
    do { return try await document(root, request, bucket: bucket) } catch {
      guard error.code == code else { throw error }
      return nil
    }
  }

  /// Puts a configuration in XML.
  func put(_ xml: String, _ request: Request, bucket: String) async throws(AWSError) {
    var request = request
    request.method = "PUT"
    request.body = Array(xml.utf8)
    request.headers =
      [HTTPHeader("Content-Type", "application/xml")] + Self.checksum(of: request.body)
    _ = try await answer(to: request, bucket: bucket)
  }

  /// The checksum that S3 asks for with configurations, and with objects that it locks.
  static func checksum(of body: [UInt8]) -> [HTTPHeader] {
    [
      HTTPHeader("x-amz-sdk-checksum-algorithm", "SHA256"),
      HTTPHeader("x-amz-checksum-sha256", Base64.encode(SHA256.digest(body))),
    ]
  }
}
