public import HTTPTypes

/// The cookies a browser sent (RFC 6265bis §5.8.3), values as they came.
public struct Cookies: Sendable {
  private var pairs: [(name: Substring, value: Substring)] = []

  /// Reads every Cookie field; what is not `name=value` is passed over.
  public init(_ headers: HTTPFields) {
    for field in headers[values: .cookie] {
      for pair in field.split(separator: ";") {
        let trimmed = pair.drop { $0 == " " || $0 == "\t" }
        guard let equals = trimmed.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
        pairs.append((trimmed[..<equals], trimmed[trimmed.utf8.index(after: equals)...]))
      }
    }
  }

  /// Every pair in the order it came, also where a name comes twice.
  public var all: [(name: String, value: String)] {
    pairs.map { (String($0.name), String($0.value)) }
  }

  /// The value of a cookie; nil when it is absent, and when it came with two values: a neighbouring
  /// domain can add a second one, and their order tells nothing (RFC 6265bis §8.6).
  public subscript(name: String) -> String? {
    let values = pairs.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
    return String(first)
  }
}
