/// The field lines of one part of a form (RFC 7578 §4.2 to §4.8).
struct PartHead {
  let name: String
  /// Nil for a field; empty where no file was chosen.
  let fileName: String?
  let contentType: String?

  /// The longest name of a file that file systems take, in bytes.
  private static let fileNameBytesMax = 255

  /// - Parameter lines: without their line ends.
  init(_ lines: [[UInt8]]) throws(MultipartProblem) {
    var disposition: FieldParameters?
    var contentType: String?
    for line in lines {
      let (name, value) = try Self.split(line)
      switch name {
      case "content-disposition":
        guard disposition == nil, let parsed = FieldParameters(value) else {
          throw .malformed("a part has a Content-Disposition that can't be read")
        }
        disposition = parsed
      case "content-type":
        guard contentType == nil, let text = Self.visible(value) else {
          throw .malformed("a part has a Content-Type that can't be read")
        }
        contentType = text
      case "content-transfer-encoding":
        // RFC 7578 §4.7: deprecated, and no browser sends it.
        throw .malformed("a part has a Content-Transfer-Encoding")
      default: break  // RFC 7578 §4.8: to be ignored.
      }
    }
    guard let disposition, disposition.value == "form-data", let named = disposition["name"] else {
      throw .malformed("a part has no name")
    }
    guard disposition.parameters.allSatisfy({ ["name", "filename"].contains($0.name) }) else {
      throw .malformed("a part says more of itself than its name and its file's name")
    }
    guard contentType?.lowercased().hasPrefix("multipart/") != true else {
      throw .malformed("a part has parts of its own")
    }
    guard let name = Self.text(named) else { throw .malformed("the name of a part is not text") }
    self.name = name
    self.contentType = contentType
    fileName = try Self.fileName(disposition["filename"])
  }

  private static func split(_ line: [UInt8]) throws(MultipartProblem) -> (String, [UInt8]) {
    guard let colon = line.firstIndex(of: .colon), colon > 0 else {
      throw .malformed("a part has a header field without a name")
    }
    let name = line[..<colon]
    guard name.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }),
      !line.contains(where: { $0.isControl && $0 != .tab })
    else { throw .malformed("a part has a header field with characters that don't belong there") }
    let value = line.span.extracting(colon + 1..<line.count)
    let range = value.trimmedRange
    let start = colon + 1 + range.lowerBound
    return (
      String(decoding: name, as: UTF8.self).lowercased(), Array(line[start..<start + range.count])
    )
  }

  private static func visible(_ value: [UInt8]) -> String? {
    guard !value.isEmpty, value.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return String(decoding: value, as: UTF8.self)
  }

  /// A name as browsers write it: only the quote and line ends are percent-encoded (WHATWG HTML,
  /// multipart/form-data encoding algorithm). Nil when it is not UTF-8 or holds a NUL.
  private static func text(_ encoded: [UInt8]) -> String? {
    var bytes: [UInt8] = []
    var rest = encoded[...]
    while let byte = rest.popFirst() {
      let code = String(decoding: rest.prefix(2), as: UTF8.self).uppercased()
      if byte == UInt8(ascii: "%"), let meant = escaped[code] {
        bytes.append(meant)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }

  private static let escaped = [
    "22": UInt8(ascii: "\""), "0D": UInt8.carriageReturn, "0A": .lineFeed,
  ]

  /// A name that is safe to show and to log. It names nothing on our disk in any case.
  private static func fileName(_ encoded: [UInt8]?) throws(MultipartProblem) -> String? {
    guard let encoded else { return nil }
    guard encoded.count <= fileNameBytesMax, let name = text(encoded),
      !name.unicodeScalars.contains(where: { scalar in
        scalar == "/" || scalar.properties.generalCategory == .control
          || scalar.properties.generalCategory == .format
          || scalar.properties.generalCategory == .lineSeparator
          || scalar.properties.generalCategory == .paragraphSeparator
      })
    else { throw .badFileName }
    return name
  }
}
