import AWS
import Cryptography
import Foundation
import Rules

@testable import Portal

/// A machine that may hold the lease, with a clock that tests move.
struct LeaseMachine {
  let keeper: LeaseKeeper
  let folder: String
  /// Since the machine was started.
  let uptime: TestClock
  let transport = Transport()

  static let place = LeasePlace(bucket: Samples.anchor.bucket, key: "lease/portal")

  init(_ host: String, endpoint: String, folder: String? = nil, uptime: TestClock) throws {
    self.folder = folder ?? NSTemporaryDirectory() + "caretaker-lease-\(UUID().uuidString)"
    self.uptime = uptime
    try FileManager.default.createDirectory(
      atPath: self.folder, withIntermediateDirectories: true)
    var configuration = Samples.configuration(folder: self.folder, endpoint: endpoint)
    configuration.lease = Self.place
    let transport = transport
    let now = { @Sendable in Moment(ms: Int64(Date.now.timeIntervalSince1970 * 1_000)) }
    let outside = Outside(
      now: now, randomBytes: { try RandomBytes.generate($0) },
      cloud: {
        Cloud(
          site: $0, transport: transport, environment: CloudPeer.credentials, now: now,
          time: .leaping(from: now), random: { 0 })
      }, uptimeMs: { uptime.now.ms })
    guard
      let keeper = try LeaseKeeper(
        configuration, outside: outside, log: Stage.silence, host: host)
    else { throw LeaseProblem("the configuration has no lease") }
    self.keeper = keeper
  }

  /// Does what is due, some milliseconds later.
  func turn(after ms: Int64 = 0) async {
    uptime.advance(ms: ms)
    await keeper.turn()
  }

  func end() { transport.shutdown() }
}

extension LeaseHold {
  /// A lease that is held from now on by a clock, and is never renewed by itself.
  static func held(by clock: TestClock) -> LeaseHold {
    let hold = LeaseHold(
      Lease(holder: "0123", host: "here", process: 1, times: .usual),
      uptimeMs: { clock.now.ms })
    let other = LeaseRecord(
      holder: "", host: "", process: 1, number: 1, waitMs: 0, isReleased: true)
    hold.change { lease, nowMs in lease.see(.init(etag: "0", record: other), at: nowMs) }
    hold.renew()
    return hold
  }

  /// Renews it as if S3 had answered.
  func renew() {
    change { lease, nowMs in
      guard let write = lease.write(at: nowMs) else { return }
      lease.wrote(write, etag: "\(write.record.number)", at: nowMs)
    }
  }
}
