import HTTPTypes

/// What tells one version of a resource from another (RFC 9110 §8.8), and what the conditions of a
/// request make of it.
struct Validators: Sendable {
  /// With its quotes.
  let tag: String
  /// Seconds since 1970; nil where nobody knows.
  let modifiedAt: Int?
  /// Both as fields of an answer.
  let fields: HTTPFields

  enum Outcome {
    case proceed
    /// 304: the client has this version.
    case notModified
    /// 412: the client counts on another version.
    case failed
  }

  init(tag: String, modifiedAt: Int?) {
    self.tag = tag
    self.modifiedAt = modifiedAt
    var fields: HTTPFields = [.eTag: tag]
    fields[.lastModified] = modifiedAt.map(HTTPDate.text)
    self.fields = fields
  }

  /// What the conditions ask for, in the order of RFC 9110 §13.2.2. A date that can't be read is no
  /// condition (§13.1.3, §13.1.4).
  /// - Parameter unixSeconds: now; a date that is still to come says nothing about what is there.
  func outcome(of request: Request, at unixSeconds: Int) -> Outcome {
    let headers = request.headers
    let isRead = request.method == .get || request.method == .head
    if let value = headers[.ifMatch] {
      guard let tags = EntityTags(value), tags.containStrongly(tag) else { return .failed }
    } else if let since = date(headers[.ifUnmodifiedSince], unixSeconds), let modifiedAt {
      guard modifiedAt <= since else { return .failed }
    }
    if let value = headers[.ifNoneMatch] {
      guard let tags = EntityTags(value), tags.containWeakly(tag) else { return .proceed }
      return isRead ? .notModified : .failed
    }
    if isRead, let since = date(headers[.ifModifiedSince], unixSeconds), since <= unixSeconds,
      let modifiedAt
    {
      return modifiedAt <= since ? .notModified : .proceed
    }
    return .proceed
  }

  /// Whether a range may be taken from this version: If-Range names it, or is not there (§13.1.5).
  func allowsRange(of request: Request) -> Bool {
    guard let value = request.headers[.ifRange] else { return true }
    if value.hasPrefix("\"") { return value == tag }
    // A date tells versions of the same second not apart; the tag, which is strong, does.
    return false
  }

  private func date(_ value: String?, _ now: Int) -> Int? {
    value.flatMap { HTTPDate.unixSeconds($0, at: now) }
  }
}
