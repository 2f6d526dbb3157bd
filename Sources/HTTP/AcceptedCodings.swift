import HTTPTypes

extension Request {
  /// Whether whoever asks takes an answer in a coding (RFC 9110 §12.5.3).
  public func takes(coding: String) -> Bool {
    // Looking the field up would first make an index of all.
    guard headers.contains(where: { $0.name == .acceptEncoding }) else { return false }
    return AcceptedCodings(headers[.acceptEncoding]).contain(coding)
  }
}

/// The codings a client takes, from Accept-Encoding (RFC 9110 §12.5.3).
struct AcceptedCodings {
  private var weights: [String: Double] = [:]

  /// - Parameter value: nil for no field. What can't be read names nothing.
  init(_ value: String?) {
    for member in (value ?? "").split(separator: ",") {
      guard let parameters = FieldParameters(Array(member.utf8)) else { continue }
      let weight = parameters["q"].map { Double(String(decoding: $0, as: UTF8.self)) ?? 0 } ?? 1
      weights[parameters.value] = weight
    }
  }

  /// Whether a coding may be used: it or `*` is named, and not with a weight of 0.
  func contain(_ coding: String) -> Bool { (weights[coding] ?? weights["*"] ?? 0) > 0 }
}
