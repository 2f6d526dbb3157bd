import AWS
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Runs in sessions of a role, each with a policy for one plan. That the policy of every kind names
/// what its run needs and nothing else is checked where `CloudSuite` runs it.
@Suite(.serialized) struct RunSessionTests: CloudSuite {
  let peer: CloudPeer

  init() throws {
    peer = try CloudPeer.ofSessions.get()
    try peer.reset()
  }

  private func cloud(on stage: Stage) -> Cloud {
    stage.portal.outside.cloud(stage.portal.configuration.sites[0])
  }

  @Test func `the policy of a change that can't be read is refused for what it is`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    let world = World(sites: [], environment: [:])
    defer { world.close() }
    let policies = IAMPolicies(stage.portal.configuration, world: world)
    func problem(of number: Int64) async -> String {
      do { return try await policies.session(of: number) } catch { return "\(error)" }
    }
    #expect(await problem(of: 9) == "There is no CR-9.")
    try stage.portal.storage.writeNow { db in
      try db.execute(sql: "DROP TRIGGER plans_immutable")
      try db.execute(sql: "UPDATE plans SET digest = hex(zeroblob(32))")
    }
    #expect(await problem(of: number) == Damage.change(number).sentence)
    try await stage.end()
  }

  @Test func `a plan runs in a session of its own, and the standing credentials write nothing`()
    async throws
  {
    // What CloudTrail tells is compared by the times of two clocks, and its own is AWS's.
    let stage = try Stage(endpoint: peer.url) { $0.runRole = Samples.runRole }
    let together = Task {
      while !Task.isCancelled {
        stage.clock.advance(ms: cloud(on: stage).now().since(stage.clock.now))
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    defer { together.cancel() }
    try await poll(stage)
    #expect(try await done("kind=ecs.task-size&size=512-1024", on: stage) == .succeeded)
    let writes = try peer.calls().filter {
      ["RegisterTaskDefinition", "UpdateService"].contains($0.operation)
    }
    #expect(writes.map(\.session) == ["caretaker-change-1", "caretaker-change-1"])
    #expect(try peer.calls("AssumeRole").count == 1)
    #expect(try peer.violations().isEmpty)
    try await poll(stage)
    let outside = try stage.outsideActs()
    #expect(outside.filter { $0.act.hasPrefix("ecs") }.map(\.who) == [])
    try await stage.end()
  }

  @Test func `another call, and the same call on another resource, are refused to the session`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved("kind=ecs.count&count=2", on: stage)
    let change = try stage.change(number)
    let acting = try await stage.portal.means(for: change.plan).acting(for: change).cloud
    func refused(_ call: () async throws -> Void) async -> String? {
      do { try await call() } catch { return (error as? AWSError)?.code }
      return nil
    }
    let denied = "AccessDenied"
    #expect(
      await refused { _ = try await acting.rds.rebootDBInstance(id: CloudPeer.database) } == denied)
    let other = await refused {
      _ = try await acting.ecs.updateService(
        cluster: "other", service: "other", desiredCount: 0, taskDefinition: nil)
    }
    #expect(other == denied)
    // Reads are the standing credentials' still.
    #expect(try await acting.sts.getCallerIdentity().arn.contains(":user/"))
    try await stage.end()
  }

  @Test func `outside of a run nothing is written, but what Caretaker sends of its own`()
    async throws
  {
    let stage = try await stage()
    do {
      try await cloud(on: stage).s3.putBucketVersioning(CloudPeer.bucket, enabled: true)
      Issue.record("it was sent")
    } catch {
      #expect(error.effect == .none)
      #expect(error.sentence.contains("nothing but the run of a change writes"))
    }
    #expect(try peer.calls("PutBucketVersioning").isEmpty)
    try await cloud(on: stage).asCaretaker.s3.putBucketVersioning(CloudPeer.bucket, enabled: true)
    #expect(try peer.calls("PutBucketVersioning").count == 1)
    try await stage.end()
  }

  @Test func `a run whose session can't be begun ends without effect`() async throws {
    let stage = try Stage(endpoint: peer.url) {
      $0.runRole = RoleARN("arn:aws:iam::123456789012:role/Nobody")
    }
    try await poll(stage)
    #expect(try await done("kind=s3.versioning&versioning=on", on: stage) == .failedNoEffect)
    #expect(try peer.calls("PutBucketVersioning").isEmpty)
    let page = await (try stage.browser(as: "viewer")).get("/changes/1").text
    #expect(page.contains("role/Nobody") && page.contains("sts:AssumeRole"))
    try await stage.end()
  }

  @Test func `what somebody does in the session's role is not taken for the change's`() {
    let act = TrailAct(
      id: "1", operation: "UpdateService", service: "ecs", at: Moment(ms: 0), who: "by-hand",
      identity: "assumed-role/CaretakerRun", resource: "ghost")
    let facts = TrailFacts(
      since: Moment(ms: 0), ownIdentity: "user/moto", runIdentity: "assumed-role/CaretakerRun",
      acts: [act])
    let call = OwnCall(
      operation: "UpdateService", from: Moment(ms: 0), to: nil, session: "caretaker-change-1")
    #expect(facts.outside(of: [call]) == [act])
  }

  @Test func `Guards says with which credentials changes are made`() async throws {
    let stage = try await stage()
    let page = await (try stage.browser(as: "viewer")).get("/guards").text
    #expect(page.contains("each run has a session of its own of the role CaretakerRun"))
    let other = try Stage()
    let standing = await (try other.browser(as: "viewer")).get("/guards").text
    #expect(standing.contains("changes are made with Caretaker’s standing credentials"))
    try await stage.end()
    try await other.end()
  }
}

/// The documents of IAM, from a plan and from the configuration.
@Suite struct AccessPolicyTests {
  private let place = AccessPlace(partition: "aws", region: "us-west-2", account: "123456789012")

  private func plan(_ steps: [Step], locks: [String] = []) -> Plan {
    Plan(
      change: "c", kind: "k", site: "blog", title: "t", guarding: .guarded, parameters: [:],
      locks: locks, preconditions: [], steps: steps, expected: [], failure: [],
      verifyWithinMs: 1, effects: [], cost: .none)
  }

  private func restore(_ key: String) -> Step {
    Step(
      service: "s3", operation: "DeleteObject", words: "w",
      parameters: ["Bucket": "media", "Key": key, "VersionId": "v"], recovery: .setTo)
  }

  @Test func `a policy names actions as IAM does, and signs of its own as they are`() throws {
    let text = try #require(try RunSession.policy(for: plan([restore("a*b")]), at: place))
    #expect(
      text == #"{"Statement":[{"Action":["s3:DeleteObjectVersion"],"Effect":"Allow","#
        + #""Resource":["arn:aws:s3:::media/a${*}b"]}],"Version":"2012-10-17"}"#)
  }

  @Test func `a plan with more objects than there is room for is allowed what they share`() throws {
    let steps = (0..<100).map { restore("content/images/2026/\($0)-a-picture-of-something.jpg") }
    let text = try #require(try RunSession.policy(for: plan(steps), at: place))
    #expect(text.contains(#""Resource":["arn:aws:s3:::media/content/images/2026/*"]"#))
    #expect(text.count <= AccessPolicy.sessionCharactersMax)
  }

  @Test func `a call without a row is not allowed by any policy`() {
    let step = Step(
      service: "iam", operation: "CreateUser", words: "w", parameters: [:], recovery: .setTo)
    #expect(throws: PlanProblem.self) { try RunSession.policy(for: plan([step]), at: place) }
  }

  @Test func `what is not of AWS needs no session`() throws {
    let step = Step(
      service: "github", operation: "rerun", words: "w", parameters: [:], recovery: .setTo)
    #expect(try RunSession.policy(for: plan([step]), at: place) == nil)
  }

  @Test func `the standing role only reads, and takes on the role for runs`() throws {
    var configuration = Samples.configuration(folder: "/f", endpoint: "http://127.0.0.1:1")
    configuration.sites[0].runRole = Samples.runRole
    let roles = try IAMPolicies.roles(
      of: configuration.sites[0], at: place, configuration, on: .ecs)
    let standing = roles.standingRole.policy.statements
    #expect(standing.compactMap(\.sid) == ["ReadTheEstate", "TakeOnTheRunRole"])
    #expect(standing.last?.resources == ["arn:aws:iam::123456789012:role/CaretakerRun"])
    #expect(
      roles.runRole.policy.statements.compactMap(\.sid) == ["RunChanges", "PassTheTasksRoles"])
    configuration.anchor = Samples.anchor
    let keeping = try IAMPolicies.roles(
      of: configuration.sites[0], at: place, configuration, on: .ec2)
    let kept = keeping.standingRole.policy.statements.first { $0.sid == "KeepAnchors" }
    #expect(kept?.resources == ["arn:aws:s3:::example-caretaker-anchors/caretaker/*"])
    configuration.lease = LeaseMachine.place
    let leased = try IAMPolicies.roles(
      of: configuration.sites[0], at: place, configuration, on: .ec2)
    let lease = leased.standingRole.policy.statements.first { $0.sid == "KeepTheLease" }
    #expect(lease?.resources == ["arn:aws:s3:::example-caretaker-anchors/lease/portal"])
    #expect(keeping.standingRole.trust.statements[0].principal == ["Service": "ec2.amazonaws.com"])
  }

  @Test func `only the ARN of a role is one`() {
    #expect(RoleARN("arn:aws:iam::123456789012:role/path/Run")?.name == "Run")
    for text in [
      "Run", "arn:aws:iam::123456789012:user/Run", "arn:aws:iam::12:role/Run",
      "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/*",
    ] { #expect(RoleARN(text) == nil, "\(text)") }
  }
}
