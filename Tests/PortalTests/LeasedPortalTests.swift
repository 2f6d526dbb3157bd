import AWS
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// A portal that works under a lease: what it does while another may work, and on which copy.
@Suite(.serialized) struct LeasedPortalTests: CloudSuite {
  let peer: CloudPeer

  init() throws {
    peer = try CloudPeer.ofLeasedPortals.get()
    try peer.reset()
  }

  @Test func `while another may work nothing is decided, proposed or run, and every page says so`()
    async throws
  {
    let uptime = TestClock()
    let lease = LeaseHold.held(by: uptime)
    let stage = try Stage(endpoint: peer.url, lease: lease)
    let number = try await Proposals.propose(on: stage)
    let approver = try await stage.browser(as: "approver")
    let machine = Browser(stage.portal)
    #expect(await machine.get("/readyz").text == "ready\n")
    uptime.advance(ms: LeaseTimes.usual.holdMs)
    let log = try stage.auditTypes().count
    for path in ["/changes", "/changes/\(number)/approval", "/changes/\(number)/execution"] {
      let answer = await approver.post(path, ["password": Stage.password])
      #expect(answer.status == .conflict, "\(path)")
      #expect(answer.text.contains("could not renew its lease for 40 seconds"), "\(path)")
    }
    #expect(try stage.auditTypes().count == log)
    #expect(await approver.get("/changes").text.contains("another may have taken"))
    #expect(await machine.get("/readyz").status == .serviceUnavailable)
    lease.renew()
    #expect(await machine.get("/readyz").status == .ok)
    #expect(await !approver.get("/changes").text.contains("another may have taken"))
    try await stage.end()
  }

  @Test func `the clock runs nothing then, and no cloud writes`() async throws {
    let uptime = TestClock()
    let stage = try Stage(endpoint: peer.url, lease: .held(by: uptime))
    try await poll(stage)
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    uptime.advance(ms: LeaseTimes.usual.holdMs)
    let person = try stage.person("operator-2")
    await #expect(throws: Refusal.self) {
      try await stage.portal.run(
        number, by: .person(person), typed: "", at: stage.portal.outside.now())
    }
    let cloud = stage.portal.outside.cloud(stage.portal.configuration.sites[0])
    await #expect {
      _ = try await cloud.asCaretaker.s3.place(
        [], at: "x", in: Samples.anchor.bucket, lockedUntil: nil)
    } throws: { "\($0)".contains("could not renew") }
    #expect(try peer.calls("UpdateService").isEmpty)
    #expect(try peer.calls("PutObject").isEmpty)
    #expect(try stage.change(number).storedState == .approved)
    try await stage.end()
  }

  @Test func `a run waits with its next step until the lease is renewed`() async throws {
    let uptime = TestClock()
    let lease = LeaseHold.held(by: uptime)
    let stage = try Stage(endpoint: peer.url, lease: lease)
    try await poll(stage)
    let number = try await approved("kind=ecs.task-size&size=512-1024", on: stage)
    try peer.faults(#"[{"operation": "RegisterTaskDefinition", "latency_ms": 6000}]"#)
    _ = try await run(number, on: stage)
    while try !stage.auditTypes().contains("step.intended") {
      try await Task.sleep(for: .milliseconds(20))
    }
    // Nothing tells from outside that the call has left.
    try await Task.sleep(for: .milliseconds(2_000))
    uptime.advance(ms: LeaseTimes.usual.holdMs)
    while try !stage.auditTypes().contains("step.finished") {
      try await Task.sleep(for: .milliseconds(20))
    }
    try await Task.sleep(for: .milliseconds(800))
    #expect(try peer.calls("UpdateService").isEmpty)
    #expect(try stage.change(number).storedState == .executing)
    lease.renew()
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `the log says who took the lease, and the metrics how old it is`() async throws {
    let uptime = TestClock()
    let stage = try Stage(endpoint: peer.url, lease: .held(by: uptime))
    uptime.advance(ms: 5_000)
    #expect(try stage.auditTypes().contains("lease.taken"))
    let page = await (try stage.browser(as: "auditor")).get("/audit").text
    #expect(page.contains("took the lease on here"))
    let metrics = try await stage.portal.metrics(load: stage.portal.load)
    #expect(metrics.contains("caretaker_lease_age_seconds 5"))
    #expect(stage.portal.boot.id == "0123")
    try await stage.end()
  }

  @Test func `a copy from before somebody else worked is refused, put aside and kept`() async throws
  {
    let stage = try Stage(endpoint: peer.url, lease: .held(by: TestClock()))
    let folder = stage.folder
    let entries = Int64(try stage.auditTypes().count)
    func standing(_ holder: String, _ entries: Int64? = nil) throws -> LeasedCopy.Standing {
      try LeasedCopy.standing(
        in: folder, after: .init(holder: holder, host: "there", entries: entries))
    }
    #expect(try standing("0123") == .whole)
    #expect(try standing("0123", entries) == .whole)
    #expect(try standing("0123", entries + 1) == .cut(entries: entries))
    #expect(try standing("4567") == .stale)
    #expect(try LeasedCopy.standing(in: folder, after: nil) == .whole)
    try await stage.portal.close()
    let other = LeaseRecord.Work(holder: "4567", host: "there")
    #expect {
      try LeasedCopy.check(in: folder, after: other)
    } throws: { "\($0)".contains("from before the portal on there worked") }
    #expect(try LeasedCopy.putAside(in: folder, after: other, at: stage.clock.now))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(files.contains { $0.hasPrefix("stale-2026") && $0.hasSuffix(".sqlite") })
    #expect(!files.contains("caretaker.sqlite"))
    #expect(throws: LeaseProblem.self) { try LeasedCopy.check(in: folder, after: other) }
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `a portal that stands by answers every page with 503 and opens nothing`() async throws
  {
    let folder = NSTemporaryDirectory() + "caretaker-standby-\(UUID().uuidString)"
    let configuration = Samples.configuration(folder: folder, endpoint: peer.url)
    let outside = Outside(
      now: { Moment(ms: 0) }, randomBytes: { _ in [] },
      cloud: { _ in preconditionFailure("no cloud is asked") })
    let standBy = try StandBy(configuration, outside: outside) {
      "This portal stands by. Changes run at <one>."
    }
    for path in ["/", "/changes/12", "/sign-in"] {
      let answer = standBy.respond(to: Request(method: .get, path: path))
      #expect(answer.status == .serviceUnavailable)
      #expect(answer.text.contains("Changes run at &lt;one&gt;."))
      #expect(answer.headers[.retryAfter] == "10")
    }
    #expect(standBy.respond(to: Request(method: .get, path: "/healthz")).status == .ok)
    let ready = standBy.respond(to: Request(method: .get, path: "/readyz"))
    #expect(ready.status == .serviceUnavailable && ready.text.hasPrefix("not ready: "))
    #expect(!FileManager.default.fileExists(atPath: folder))
  }
}
