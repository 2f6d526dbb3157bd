import AWS
import Foundation
import Rules
import Testing

@testable import Portal

/// Two machines on one lease, which the AWS peer keeps. The tests take turns: there is one peer.
@Suite(.serialized) struct LeaseKeeperTests {
  let peer: CloudPeer
  private let waitMs = LeaseTimes.usual.waitMs

  init() throws {
    peer = try CloudPeer.ofLease.get()
    try peer.reset()
  }

  private func machine(_ host: String) throws -> LeaseMachine {
    try LeaseMachine(host, endpoint: peer.url, uptime: TestClock())
  }

  /// Two machines of which the first holds the lease and the second has seen that.
  private func pair() async throws -> (LeaseMachine, LeaseMachine) {
    let (first, second) = (try machine("one"), try machine("two"))
    await first.turn()
    #expect(!first.keeper.isHeld)
    await first.turn(after: waitMs)
    #expect(first.keeper.isHeld)
    await second.turn()
    return (first, second)
  }

  private func end(_ machines: LeaseMachine...) throws {
    for machine in machines { machine.end() }
    #expect(try peer.violations().isEmpty)
  }

  @Test func `one holds it and renews, and the other stands by for as long`() async throws {
    let (first, second) = try await pair()
    for _ in 0..<10 {
      await first.turn(after: 10_000)
      await second.turn(after: 10_000)
      #expect(first.keeper.isHeld && !second.keeper.isHeld)
    }
    #expect(second.keeper.standByWords.contains("Changes run at one."))
    try end(first, second)
  }

  @Test func `without a sign for a minute the other takes its place, and the first ends`()
    async throws
  {
    let (first, second) = try await pair()
    await second.turn(after: waitMs - 1)
    #expect(!second.keeper.isHeld)
    // The first stands still; by its own clock its time is over.
    first.uptime.advance(ms: waitMs)
    #expect(!first.keeper.isHeld && !first.keeper.isLost)
    await second.turn(after: 1)
    #expect(second.keeper.isHeld)
    await first.turn()
    #expect(first.keeper.isLost && !first.keeper.isHeld)
    try end(first, second)
  }

  @Test func `a renewal whose answer is lost is found by reading`() async throws {
    let (first, second) = try await pair()
    try peer.faults(
      #"[{"service": "s3", "operation": "PutObject", "drop": "after", "times": 1}]"#)
    await first.turn(after: 30_000)
    #expect(first.keeper.isHeld)
    await first.turn(after: 15_000)
    // The lost one counts from when it was begun.
    #expect(first.keeper.isHeld)
    await second.turn(after: waitMs)
    #expect(!second.keeper.isHeld)
    try end(first, second)
  }

  @Test func `whoever can't renew holds it no more, and again once it can`() async throws {
    let (first, second) = try await pair()
    try peer.faults(
      #"""
      [{"service": "s3", "code": "AccessDenied", "status": 403, "times": null}]
      """#)
    await first.turn(after: 39_000)
    #expect(first.keeper.isHeld)
    await first.turn(after: 1_000)
    #expect(!first.keeper.isHeld && !first.keeper.isLost)
    #expect(first.keeper.hold.standing.problem?.contains("s3:PutObject") == true)
    try peer.faults("[]")
    await first.turn()
    #expect(first.keeper.isHeld, "\(first.keeper.hold.standing)")
    try end(first, second)
  }

  @Test func `what is given back is taken at once, with what was left`() async throws {
    let (first, second) = try await pair()
    try await first.keeper.beginWork()
    #expect(first.keeper.hold.seen?.last?.host == "one")
    await first.keeper.release()
    #expect(!first.keeper.isHeld)
    await second.turn()
    #expect(second.keeper.isHeld)
    #expect(second.keeper.hold.seen?.last?.holder == first.keeper.hold.holder)
    try end(first, second)
  }

  @Test func `what waits hands over to the next start on its folder, and the others wait longer`()
    async throws
  {
    let (first, second) = try await pair()
    #expect(try await !first.keeper.handOver())
    #expect(try HandedLease.read(in: first.folder) == first.keeper.hold.holder)
    await second.turn()
    await second.turn(after: waitMs)
    #expect(!second.keeper.isHeld)
    let serving = try LeaseMachine(
      "one", endpoint: peer.url, folder: first.folder, uptime: first.uptime)
    #expect(try await serving.keeper.isFree())
    try await serving.keeper.beginWork()
    #expect(try HandedLease.read(in: first.folder) == nil)
    await second.turn(after: waitMs)
    #expect(!second.keeper.isHeld)
    try end(first, second, serving)
  }

  @Test func `an object that is no lease is left as it is, and said so`() async throws {
    try peer.changeAnchors([LeaseMachine.place.key: "hello"])
    let machine = try machine("one")
    await machine.turn()
    await machine.turn(after: waitMs)
    #expect(!machine.keeper.isHeld)
    #expect(machine.keeper.standByWords.contains("is no lease"))
    try end(machine)
  }

  @Test func `the check says who holds it, or that it can't be read`() async throws {
    let (first, second) = try await pair()
    var configuration = Samples.configuration(folder: first.folder, endpoint: peer.url)
    configuration.lease = LeaseMachine.place
    let stage = try Stage(endpoint: peer.url)
    let outside = stage.portal.outside
    let found = await LeaseStore.check(configuration, outside: outside)
    #expect(found.map(\.standing) == [.good])
    #expect(found[0].state.contains("on one holds it"))
    configuration.lease?.bucket = "no-such-bucket-here"
    #expect(
      await LeaseStore.check(configuration, outside: outside).map(\.standing) == [.failed])
    configuration.lease = nil
    #expect(await LeaseStore.check(configuration, outside: outside).isEmpty)
    try await stage.end()
    try end(first, second)
  }
}
