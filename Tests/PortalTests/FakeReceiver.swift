import Foundation
import Glibc
import LoopbackListener

/// A receiver of notices on 127.0.0.1, a webhook or a mail server, that does as a test says.
///
/// `@unchecked Sendable`: `lock` guards what changes.
final class FakeReceiver: @unchecked Sendable {
  /// What it does with what it is told.
  enum Manner: Sendable, Equatable {
    /// Answers with this status, and sends on to another address where there is one.
    case answers(_ status: Int, to: String = "")
    /// Takes it and says nothing more.
    case isSilent
    /// Takes it and hangs up.
    case hangsUp
    /// A mail server that takes letters, but not for whom this reply is given to.
    case takesMail(refusing: String = "")
  }

  private let listener: LoopbackListener
  private let lock = NSLock()
  private var manner: Manner
  private var heard: [String] = []

  var port: UInt16 { listener.port }

  /// Everything it was sent, a request or a letter each.
  var received: [String] { lock.withLock { heard } }

  func become(_ manner: Manner) { lock.withLock { self.manner = manner } }

  init(_ manner: Manner) throws {
    self.manner = manner
    listener = try LoopbackListener()
    listener.start { [weak self] descriptor, _ in self?.talk(on: descriptor) }
  }

  /// Takes no more connections.
  func stop() { listener.stop() }

  private func talk(on descriptor: Int32) {
    if case .takesMail(let refusal) = lock.withLock({ manner }) {
      return takeMail(on: descriptor, refusing: refusal)
    }
    guard let request = Self.read(descriptor, until: Self.isWholeRequest) else { return }
    lock.withLock { heard.append(request) }
    switch lock.withLock({ manner }) {
    case .answers(let status, let place):
      let field = place.isEmpty ? "" : "Location: \(place)\r\n"
      Self.say("HTTP/1.1 \(status) Said\r\nContent-Length: 2\r\n\(field)\r\nok", on: descriptor)
    case .isSilent: _ = Self.read(descriptor) { _ in false }
    case .hangsUp, .takesMail: break
    }
  }

  private func takeMail(on descriptor: Int32, refusing refusal: String) {
    Self.say("220 receiver\r\n", on: descriptor)
    while let line = Self.read(descriptor, until: { $0.hasSuffix("\r\n") }) {
      switch line.prefix(4).uppercased() {
      case "RCPT" where !refusal.isEmpty: Self.say(refusal + "\r\n", on: descriptor)
      case "DATA":
        Self.say("354 go on\r\n", on: descriptor)
        guard let letter = Self.read(descriptor, until: { $0.hasSuffix("\r\n.\r\n") }) else {
          return
        }
        lock.withLock { heard.append(letter) }
        Self.say("250 taken\r\n", on: descriptor)
      case "QUIT": return Self.say("221 bye\r\n", on: descriptor)
      default: Self.say("250 receiver\r\n", on: descriptor)
      }
    }
  }

  private static func say(_ text: String, on descriptor: Int32) {
    _ = send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
  }

  private static func read(_ descriptor: Int32, until isWhole: (String) -> Bool) -> String? {
    var text = ""
    while true {
      var chunk = [UInt8](repeating: 0, count: 16_384)
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return nil }
      text += String(decoding: chunk[..<count], as: UTF8.self)
      if isWhole(text) { return text }
    }
  }

  private static func isWholeRequest(_ text: String) -> Bool {
    guard let end = text.range(of: "\r\n\r\n") else { return false }
    let length = text.components(separatedBy: "Content-Length: ").dropFirst().first
      .flatMap { Int($0.prefix { $0.isNumber }) }
    return text[end.upperBound...].utf8.count >= length ?? 0
  }
}
