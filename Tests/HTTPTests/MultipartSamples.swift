@testable import HTTP

/// Forms with files, written by hand.
enum Sample {
  /// One part; the lines of its head have CRLF between them.
  static func part(_ head: String, _ content: [UInt8]) -> [UInt8] {
    Array("--b\r\n\(head)\r\n\r\n".utf8) + content + Array("\r\n".utf8)
  }

  static func field(_ name: String, _ value: String) -> [UInt8] {
    part("Content-Disposition: form-data; name=\"\(name)\"", Array(value.utf8))
  }

  static func file(_ fileName: String, _ content: [UInt8]) -> [UInt8] {
    part(
      "Content-Disposition: form-data; name=\"theme\"; filename=\"\(fileName)\"\r\n"
        + "Content-Type: application/zip", content)
  }

  static let end = Array("--b--\r\n".utf8)

  static func read(
    _ bytes: [UInt8], bufferBytes: Int = 64, limits: Multipart.Limits = .init(),
    repeatable: Set<String> = []
  ) throws(MultipartProblem) -> Multipart {
    let window = FileWindow(byteCount: bytes.count, bufferBytes: bufferBytes) { offset, buffer in
      let count = min(buffer.count, bytes.count - offset)
      buffer.copyBytes(from: bytes[offset..<offset + count])
      return count
    }
    return try Multipart(
      window, boundary: Array("b".utf8), limits: limits, repeatable: repeatable)
  }
}

extension Multipart {
  /// Equal when everything that was read is.
  var summary: String {
    fields.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
      + files.map { "|\($0.name),\($0.fileName),\($0.contentType ?? "-"),\($0.bytes)" }.joined()
  }
}
