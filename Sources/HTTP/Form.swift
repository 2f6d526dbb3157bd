/// Why a form cannot be read. Its description is a sentence for the person who sent it.
public enum FormProblem: Error, Equatable, CustomStringConvertible {
  /// A "%" without two hexadecimal digits.
  case badEncoding
  /// Bytes that are not UTF-8, or a NUL.
  case notText
  /// A field given twice that may be given once.
  case repeated(String)
  /// More fields than are read.
  case tooManyFields

  /// The sentence.
  public var description: String {
    switch self {
    case .badEncoding: "The form is not encoded as forms are."
    case .notText: "The form holds something that is not text."
    case .repeated(let name): "The field \"\(name.prefix(40))\" was sent more than once."
    case .tooManyFields: "The form has too many fields."
    }
  }
}

/// The fields of a form or a query: application/x-www-form-urlencoded, strictly read; or those of a
/// form with files.
public struct Form: Sendable {
  /// How many fields are read when nothing else is said.
  public static let fieldsMax = 256

  /// Every field in the order it came.
  public private(set) var fields: [(name: String, value: String)] = []

  /// Reads the body of a form.
  /// - Parameters:
  ///   - fieldsMax: how many fields it may have.
  ///   - repeatable: the names that may be given more than once; any other is refused, since
  ///     nobody can tell which of its values was meant.
  public init(
    urlencoded body: [UInt8], fieldsMax: Int = Form.fieldsMax, repeatable: Set<String> = []
  ) throws(FormProblem) {
    let all = body.span
    var start = 0
    for end in 0..<all.count + 1 where end == all.count || all[end] == UInt8(ascii: "&") {
      if end > start {
        guard fields.count < fieldsMax else { throw .tooManyFields }
        try add(all.extracting(start..<end), repeatable: repeatable)
      }
      start = end + 1
    }
  }

  /// Reads the query of a request; no query has no fields.
  public init(
    query: String?, fieldsMax: Int = Form.fieldsMax, repeatable: Set<String> = []
  ) throws(FormProblem) {
    try self.init(
      urlencoded: Array((query ?? "").utf8), fieldsMax: fieldsMax, repeatable: repeatable)
  }

  /// The fields of a form with files, beside the files.
  public init(_ multipart: Multipart) { fields = multipart.fields }

  /// The value of a field; nil when it is absent, or given more than once.
  public subscript(name: String) -> String? {
    let values = all(name)
    return values.count == 1 ? values[0] : nil
  }

  /// Every value of a field in the order sent.
  public func all(_ name: String) -> [String] {
    // By bytes: as strings, K and the Kelvin sign would be one (canonical equivalence).
    fields.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
  }

  /// The names of the fields in the order sent.
  public var names: [String] { fields.map(\.name) }

  private mutating func add(
    _ pair: Span<UInt8>, repeatable: Set<String>
  ) throws(FormProblem) {
    let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.count
    let name = try Self.text(pair.extracting(0..<equals))
    let value = try Self.text(pair.extracting(min(equals + 1, pair.count)..<pair.count))
    guard repeatable.contains(name) || all(name).isEmpty else { throw .repeated(name) }
    fields.append((name, value))
  }

  private static func text(_ encoded: Span<UInt8>) throws(FormProblem) -> String {
    guard let bytes = PercentDecoding.bytes(encoded, plusIsSpace: true) else { throw .badEncoding }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw .notText
    }
    return text
  }
}
