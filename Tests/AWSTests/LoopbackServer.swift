import Foundation
import Glibc
import LoopbackListener

@testable import AWS

/// A small HTTP server on 127.0.0.1 that answers as a test says, badly too.
final class LoopbackServer: Sendable {
  /// One request as it arrived.
  struct Received: Sendable {
    var method: String
    var target: String
    /// By names in lower case.
    var headers: [String: String]
    var body: String
    /// Which connection it came on, from 0.
    var connection: Int
  }

  /// What becomes of a request.
  enum Reply: Sendable {
    /// A whole answer; the connection stays.
    case answer(_ status: Int, headers: [String: String] = [:], _ body: String)
    /// These bytes, then the connection is closed.
    case raw(String)
    /// These bytes, then the connection is reset.
    case reset(after: String = "")
    /// These bytes, then nothing until the client goes away.
    case silence(after: String = "")
  }

  private let listener: LoopbackListener
  private let log = Locked<[Received]>([])
  private let respond: @Sendable (Received) -> Reply

  var port: UInt16 { listener.port }
  var url: String { "http://127.0.0.1:\(port)" }
  var received: [Received] { log.withLock { $0 } }

  init(_ respond: @escaping @Sendable (Received) -> Reply) throws {
    self.respond = respond
    listener = try LoopbackListener()
    listener.start { [weak self] descriptor, number in
      while let request = Self.read(descriptor, number), let self {
        guard self.answer(request, on: descriptor) else { break }
      }
    }
  }

  /// Takes no more connections.
  func stop() { listener.stop() }

  /// A port on which nobody listens.
  static func unusedPort() throws -> UInt16 {
    let listener = try LoopbackListener()
    listener.start { _, _ in }
    return listener.port
  }

  /// - Returns: whether the connection stays.
  private func answer(_ request: Received, on descriptor: Int32) -> Bool {
    log.withLock { $0.append(request) }
    switch respond(request) {
    case .answer(let status, let headers, let body):
      let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
      Self.write(
        "HTTP/1.1 \(status) Said\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)",
        to: descriptor)
      return true
    case .raw(let text):
      Self.write(text, to: descriptor)
    case .reset(let text):
      Self.write(text, to: descriptor)
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    case .silence(let text):
      Self.write(text, to: descriptor)
      var byte: UInt8 = 0
      while Glibc.read(descriptor, &byte, 1) > 0 {}
    }
    return false
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  private static func read(_ descriptor: Int32, _ connection: Int) -> Received? {
    var text = ""
    while true {
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return nil }
      text += String(decoding: chunk[..<count], as: UTF8.self)
      if let request = parse(text, connection) { return request }
    }
  }

  /// The request, once it is whole.
  private static func parse(_ text: String, _ connection: Int) -> Received? {
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    let line = lines[0].split(separator: " ")
    var headers: [String: String] = [:]
    for field in lines.dropFirst() {
      let parts = field.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = parts[1].trimmingSpaces
    }
    let body = String(text[end.upperBound...])
    guard body.utf8.count >= Int(headers["content-length"] ?? "0") ?? 0 else { return nil }
    return Received(
      method: String(line[0]), target: String(line[1]), headers: headers, body: body,
      connection: connection)
  }
}
