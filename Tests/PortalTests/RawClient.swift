import Foundation
import WireClient

/// One request on a socket of its own, written byte by byte as a test says, and everything that
/// comes back until the server hangs up.
enum RawClient {
  struct Answer: Sendable {
    let status: Int
    /// Every value of a field, by its name in lower case.
    let fields: [String: [String]]
    let body: String

    init(_ text: String) {
      let head = text.components(separatedBy: "\r\n\r\n")[0]
      let lines = head.components(separatedBy: "\r\n")
      status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
      fields = lines.dropFirst().reduce(into: [:]) { fields, line in
        let parts = line.components(separatedBy: ": ")
        fields[parts[0].lowercased(), default: []].append(
          parts.dropFirst().joined(separator: ": "))
      }
      body = String(text.dropFirst(head.count + 4))
    }
  }

  /// Sends a request and reads all that comes until the server hangs up.
  static func send(_ request: String, to port: Int) async throws -> Answer {
    let client = try Client(port: port)
    client.send(request)
    return Answer(try await client.rest())
  }
}
