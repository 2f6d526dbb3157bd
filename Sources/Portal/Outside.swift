import AWS
import Cryptography
import Foundation
import Glibc
import Rules

/// What the portal needs from outside the process and may not reach for itself.
struct Outside: Sendable {
  /// The time.
  var now: @Sendable () -> Moment
  /// Random bytes that nobody can guess.
  var randomBytes: @Sendable (Int) throws -> [UInt8]
  /// The cloud of a site.
  var cloud: @Sendable (Site) -> Cloud
  /// The room on the disk of a folder; nil when it can't be told.
  var space: @Sendable (_ folder: String) -> Space?

  /// Milliseconds since the machine was started, also those in which it slept: for spans that no
  /// clock that is set may shorten.
  var uptimeMs: @Sendable () -> Int64

  /// Everything from outside, named.
  init(
    now: @escaping @Sendable () -> Moment,
    randomBytes: @escaping @Sendable (Int) throws -> [UInt8],
    cloud: @escaping @Sendable (Site) -> Cloud,
    space: @escaping @Sendable (_ folder: String) -> Space? = { Space(of: $0) },
    uptimeMs: @escaping @Sendable () -> Int64 = { Uptime.ms }
  ) {
    self.now = now
    self.randomBytes = randomBytes
    self.cloud = cloud
    self.space = space
    self.uptimeMs = uptimeMs
  }
}

/// How long the machine has been there (clock_gettime(2), CLOCK_BOOTTIME).
private enum Uptime {
  static var ms: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// The real world: the machine's clock, the operating system's randomness, AWS over one transport.
public struct World: Sendable {
  let outside: Outside
  private let transport: Transport

  /// - Parameters:
  ///   - sites: each gets one cloud, so that its credentials and its budget of retries are shared.
  ///   - environment: the process's variables, where credentials are looked for first.
  public init(sites: [Site], environment: [String: String]) {
    let transport = Transport()
    self.transport = transport
    let now: @Sendable () -> Moment = {
      Moment(ms: Int64(Date().timeIntervalSince1970 * 1_000))
    }
    let cloud: @Sendable (Site) -> Cloud = {
      Cloud(site: $0, transport: transport, environment: environment, now: now)
    }
    let clouds = Dictionary(sites.map { ($0, cloud($0)) }) { first, _ in first }
    outside = Outside(
      now: now, randomBytes: { try RandomBytes.generate($0) },
      cloud: { clouds[$0] ?? cloud($0) })
  }

  /// Ends the transport's thread.
  public func close() { transport.shutdown() }
}
