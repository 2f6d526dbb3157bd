import Cryptography
import Foundation
import Logging

/// Made-up secrets of every shape, each unlike any other, to be looked for wherever they must not
/// be.
struct Canary: Sendable {
  /// What is typed.
  let text: String
  /// The part that must turn up nowhere.
  let core: String

  /// Variants of each shape.
  private static let variants = 10

  static let all: [Canary] = shapes.enumerated().flatMap { number, shape in
    (0..<variants).map { variant in
      let core = shape.core(Letters(seed: "canary \(number) \(variant)"))
      return Canary(text: shape.text(core), core: core)
    }
  }

  private typealias Shape = (
    text: @Sendable (String) -> String, core: @Sendable (Letters) -> String
  )

  private static func shape(
    _ before: String = "", _ after: String = "", _ core: @escaping @Sendable (Letters) -> String
  ) -> Shape {
    ({ before + $0 + after }, core)
  }

  private static let shapes: [Shape] = [
    shape("use ") { "AKIA" + $0.upper(16) },
    shape { "ASIA" + $0.upper(16) },
    shape("aws_secret_access_key ") { "Zz9" + $0.mixed(37) },
    shape("the key is ", ", of AWS") { "Yy8/" + $0.mixed(36) },
    shape { "FwoG" + $0.mixed(60) },
    shape("token ") { "ghp_" + $0.mixed(36) },
    shape { "gho_" + $0.mixed(36) },
    shape { "ghs_" + $0.mixed(36) },
    shape { "github_pat_" + $0.mixed(22) },
    shape("-----BEGIN RSA PRIVATE KEY-----\n", "\n-----END RSA PRIVATE KEY-----") { $0.mixed(64) },
    shape("-----BEGIN OPENSSH PRIVATE KEY-----\n") { $0.mixed(64) },
    shape { $0.hex(24) + ":" + $0.hex(64) },
    shape("mysql://ghost:", "@db.example.com/ghost") { $0.mixed(12) },
    shape("redis://:", "@cache.example.com") { $0.mixed(12) },
    shape("https://", "@github.com/o/r") { $0.hex(40) },
    shape("https://hooks.slack.com/services/T0/B0/") { $0.mixed(24) },
    shape { "xoxb-" + $0.mixed(24) },
    shape { "eyJ" + $0.mixed(20) + "." + $0.mixed(30) + "." + $0.mixed(43) },
    shape("smtp password=") { $0.mixed(12) },
    shape("mail__options__auth__pass=") { $0.mixed(12) },
    shape("MAIL_PASSWORD: ") { "a1" + $0.mixed(12) },
    shape { "sk_" + "live_" + $0.mixed(24) },
    shape { "key-" + $0.hex(32) },
    shape("Authorization: Bearer ") { "a1" + $0.mixed(30) },
  ]
}

/// Letters that look drawn by lot and are the same each time.
struct Letters: Sendable {
  private let bytes: [UInt8]

  init(seed: String) {
    let first = SHA256.digest(Array(seed.utf8))
    bytes = first + SHA256.digest(first) + SHA256.digest(first + [1])
  }

  func upper(_ count: Int) -> String { letters(count, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") }
  func hex(_ count: Int) -> String { letters(count, of: "0123456789abcdef") }
  func mixed(_ count: Int) -> String {
    letters(count, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
  }

  private func letters(_ count: Int, of alphabet: String) -> String {
    let alphabet = Array(alphabet)
    return String(bytes.prefix(count).map { alphabet[Int($0) % alphabet.count] })
  }
}

/// Everything a portal has logged.
///
/// `@unchecked Sendable`: `lock` guards `lines`.
final class CapturedLog: @unchecked Sendable {
  private let lock = NSLock()
  private var lines = ""

  var text: String { lock.withLock { lines } }
  var logger: Logger { Logger(label: "captured", factory: { _ in Handler(log: self) }) }

  private func add(_ line: String) { lock.withLock { lines += line + "\n" } }

  private struct Handler: LogHandler {
    let log: CapturedLog
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      log.add("\(event.message) \(event.metadata ?? [:])")
    }
  }
}
