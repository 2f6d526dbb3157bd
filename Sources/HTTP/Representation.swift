public import HTTPTypes

/// One version of a resource: its bytes, their type, and what tells it from other versions
/// (RFC 9110 §3.2, §8.8).
public struct Representation: Sendable {
  private struct Coded {
    /// As in Content-Encoding.
    let coding: String?
    let body: [UInt8]
    let validators: Validators
  }

  private let contentType: String
  private let plain: Coded
  /// The same in gzip, where that is worth it.
  private let packed: Coded?
  private let clock = Clock.system

  /// Content that gzip makes less than a tenth shorter is sent as it is.
  private static let worthItPercent = 90

  /// - Parameters:
  ///   - contentType: as in Content-Type.
  ///   - modifiedAt: seconds since 1970; nil where nobody knows.
  ///   - packed: the same in the coding gzip, for clients that take it; nil for none.
  public init(
    body: [UInt8], contentType: String, modifiedAt: Int?, packed: [UInt8]? = nil
  ) {
    self.contentType = contentType
    func coded(_ body: [UInt8], _ coding: String?) -> Coded {
      Coded(
        coding: coding, body: body,
        validators: Validators(tag: ContentTag.of(body), modifiedAt: modifiedAt))
    }
    plain = coded(body, nil)
    self.packed = packed.flatMap {
      $0.count * 100 <= body.count * Self.worthItPercent ? coded($0, "gzip") : nil
    }
  }

  /// What tells this version from others.
  var tag: String { plain.validators.tag }

  /// The answer that the conditions of a GET or HEAD (RFC 9110 §13.2.2) and its range (§14.2) ask
  /// for: 200, 206, 304, 412 or 416.
  /// - Parameter headers: fields of each of these answers.
  public func response(to request: Request, headers: HTTPFields = [:]) -> Response {
    var headers = headers
    var coded = plain
    if let packed {
      // Also where this client gets it plain: what is kept for it is not for the next one.
      headers[.vary] = "Accept-Encoding"
      if request.takes(coding: "gzip") { coded = packed }
    }
    for field in coded.validators.fields { headers.append(field) }
    switch coded.validators.outcome(of: request, at: clock.unixSeconds()) {
    case .notModified: return Response(status: .notModified, headers: headers)
    case .failed: return Response(status: .preconditionFailed, headers: headers)
    case .proceed: break
    }
    headers[.acceptRanges] = "bytes"
    let count = coded.body.count
    let range =
      coded.validators.allowsRange(of: request) ? ByteRange(request, of: count) : .whole
    if range == .outside {
      headers[.contentRange] = "bytes */\(count)"
      return Response(status: .rangeNotSatisfiable, headers: headers)
    }
    headers[.contentType] = contentType
    headers[.contentEncoding] = coded.coding
    guard case .part(let part) = range else { return Response(headers: headers, body: coded.body) }
    headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(count)"
    return Response(status: .partialContent, headers: headers, body: Array(coded.body[part]))
  }
}
