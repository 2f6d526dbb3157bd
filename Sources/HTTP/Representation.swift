public import HTTPTypes

/// One version of a resource: its bytes, their type, and what tells it from other versions
/// (RFC 9110 §3.2, §8.8).
public struct Representation: Sendable {
  private let body: [UInt8]
  private let contentType: String
  private let validators: Validators
  private let clock: Clock

  /// - Parameters:
  ///   - contentType: as in Content-Type.
  ///   - modifiedAt: seconds since 1970; nil where nobody knows.
  public init(body: [UInt8], contentType: String, modifiedAt: Int?) {
    self.init(body: body, contentType: contentType, modifiedAt: modifiedAt, clock: .system)
  }

  init(body: [UInt8], contentType: String, modifiedAt: Int?, clock: Clock) {
    self.body = body
    self.contentType = contentType
    self.clock = clock
    validators = Validators(tag: ContentTag.of(body), modifiedAt: modifiedAt)
  }

  /// The answer that the conditions of a GET or HEAD (RFC 9110 §13.2.2) and its range (§14.2) ask
  /// for: 200, 206, 304, 412 or 416.
  /// - Parameter headers: fields of each of these answers.
  public func response(to request: Request, headers: HTTPFields = [:]) -> Response {
    var headers = headers
    for field in validators.fields { headers.append(field) }
    switch validators.outcome(of: request, at: clock.unixSeconds()) {
    case .notModified: return Response(status: .notModified, headers: headers)
    case .failed: return Response(status: .preconditionFailed, headers: headers)
    case .proceed: break
    }
    headers[.acceptRanges] = "bytes"
    switch validators.allowsRange(of: request) ? ByteRange(request, of: body.count) : .whole {
    case .whole:
      headers[.contentType] = contentType
      return Response(headers: headers, body: body)
    case .part(let part):
      headers[.contentType] = contentType
      headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(body.count)"
      return Response(status: .partialContent, headers: headers, body: Array(body[part]))
    case .outside:
      headers[.contentRange] = "bytes */\(body.count)"
      return Response(status: .rangeNotSatisfiable, headers: headers)
    }
  }
}
