import Dispatch
import Foundation
import Glibc

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

  struct Broken: Error {}

  /// Reads block here, not on the threads that tests run on.
  private static let queue = DispatchQueue(label: "raw", attributes: .concurrent)

  static func send(_ request: String, to port: Int) async throws -> Answer {
    let text = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: exchange(request, port)) }
    }
    guard let text else { throw Broken() }
    return Answer(text)
  }

  /// A socket that is connected and says nothing.
  static func connect(to port: Int) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    // Only so that a test that would hang fails.
    var timeout = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    if isConnected { return descriptor }
    close(descriptor)
    return nil
  }

  private static func exchange(_ request: String, _ port: Int) -> String? {
    guard let descriptor = connect(to: port) else { return nil }
    defer { close(descriptor) }
    var rest = Array(request.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
      received += buffer[..<count]
    }
    return received.isEmpty ? nil : String(decoding: received, as: UTF8.self)
  }
}
