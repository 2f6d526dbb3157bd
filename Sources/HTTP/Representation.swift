public import HTTPTypes

/// One version of a resource: its bytes, their type, and what tells it from other versions
/// (RFC 9110 §3.2, §8.8).
public struct Representation: Sendable {
  /// A class, so that whoever looks a file up takes along a reference and not every field.
  private final class Coded: Sendable {
    let body: [UInt8]
    let validators: Validators
    /// The answer with all of it, and the one to a client that has this version.
    let whole: Response
    let notModified: Response

    init(body: [UInt8], validators: Validators, whole: Response, notModified: Response) {
      self.body = body
      self.validators = validators
      self.whole = whole.standing()
      self.notModified = notModified.standing()
    }
  }

  private var plain: Coded
  /// The same in gzip, where that is worth it.
  private var packed: Coded?
  private let clock = Clock.system

  /// Content that gzip makes less than a tenth shorter is sent as it is.
  private static let worthItPercent = 90

  /// - Parameters:
  ///   - contentType: as in Content-Type.
  ///   - modifiedAt: seconds since 1970; nil where nobody knows.
  ///   - headers: fields of every answer.
  ///   - packed: the same in the coding gzip, for clients that take it; nil for none.
  public init(
    body: [UInt8], contentType: String, modifiedAt: Int?, headers: HTTPFields = [:],
    packed: [UInt8]? = nil
  ) {
    let packed = packed.flatMap {
      $0.count * 100 <= body.count * Self.worthItPercent ? $0 : nil
    }
    func coded(_ body: [UInt8], _ coding: String?) -> Coded {
      let validators = Validators(tag: ContentTag.of(body), modifiedAt: modifiedAt)
      var fields = headers
      // Also where this client gets it plain: what is kept for it is not for the next one.
      if packed != nil { fields[.vary] = "Accept-Encoding" }
      for field in validators.fields { fields.append(field) }
      let notModified = Response(status: .notModified, headers: fields)
      fields[.acceptRanges] = "bytes"
      fields[.contentType] = contentType
      fields[.contentEncoding] = coding
      return Coded(
        body: body, validators: validators, whole: Response(headers: fields, body: body),
        notModified: notModified)
    }
    plain = coded(body, nil)
    self.packed = packed.map { coded($0, "gzip") }
  }

  /// The same version with another value of a field in every answer.
  func with(_ name: HTTPField.Name, _ value: String) -> Representation {
    func changed(_ coded: Coded) -> Coded {
      var (whole, notModified) = (coded.whole, coded.notModified)
      whole.headers[name] = value
      notModified.headers[name] = value
      return Coded(
        body: coded.body, validators: coded.validators, whole: whole, notModified: notModified)
    }
    var other = self
    (other.plain, other.packed) = (changed(plain), packed.map(changed))
    return other
  }

  /// What tells this version from others.
  var tag: String { plain.validators.tag }

  /// The answer that the conditions of a GET or HEAD (RFC 9110 §13.2.2) and its range (§14.2) ask
  /// for: 200, 206, 304, 412 or 416.
  public func response(to request: Request) -> Response {
    var coded = plain
    if let packed, request.takes(coding: "gzip") { coded = packed }
    // Most ask for nothing but the whole.
    guard request.mayAskForLess else { return coded.whole }
    switch coded.validators.outcome(of: request, at: clock.unixSeconds()) {
    case .notModified: return coded.notModified
    case .failed:
      return Response(status: .preconditionFailed, headers: coded.notModified.headers)
    case .proceed: break
    }
    let count = coded.body.count
    let range =
      coded.validators.allowsRange(of: request) ? ByteRange(request, of: count) : .whole
    switch range {
    case .whole: return coded.whole
    case .outside:
      var headers = coded.notModified.headers
      headers[.acceptRanges] = "bytes"
      headers[.contentRange] = "bytes */\(count)"
      return Response(status: .rangeNotSatisfiable, headers: headers)
    case .part(let part):
      var headers = coded.whole.headers
      headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(count)"
      return Response(status: .partialContent, headers: headers, body: Array(coded.body[part]))
    }
  }
}
