import AWS
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What is lost, or moves, on the ways back that few take. In turn with the other tests of images.
extension ImageKindTests {
  private static let earlier = "GhostInfraStackTaskDefB54D3F05:3"

  @Test(arguments: ["before", "after"])
  func `a tag that was moved is not moved again when the order to deploy it is lost`(drop: String)
    async throws
  {
    let stage = try await stage()
    try await runLatest(on: stage)
    let number = try await approved(
      try await query("v5.87.1-2", method: "latest", on: stage), on: stage)
    try peer.forget()
    try peer.faults(
      #"[{"service": "ecs", "operation": "UpdateService", "times": 1, "drop": "\#(drop)"}]"#)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    try await lookOn(at: number, on: stage)
    #expect(try stage.change(number).storedState == (drop == "after" ? .succeeded : .unknown))
    #expect(try peer.calls("PutImage").count == 1)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `an order to deploy a new revision that never arrives is not given again by itself`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved(try await query("v5.87.1-2", on: stage), on: stage)
    try peer.forget()
    try peer.faults(
      #"[{"service": "ecs", "operation": "UpdateService", "times": 1, "drop": "before"}]"#)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    try await lookOn(at: number, on: stage)
    #expect(try stage.change(number).storedState == .unknown)
    #expect(try peer.calls("RegisterTaskDefinition").count == 1)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `in an emergency one person stops a rollout, and another has to look at it`()
    async throws
  {
    let stage = try await stage()
    try peer.change("deployments", #"{"pending_s": 100000}"#)
    let id = try service(stage)
    _ = try await cloud(stage).ecs.updateService(
      cluster: id.cluster, service: id.name, desiredCount: nil, taskDefinition: nil,
      forcesDeployment: true)
    try await poll(stage)
    let stop = try await Proposals.propose(
      "kind=ecs.stop-rollout", reason: "It goes wrong", on: stage)
    let browser = try await stage.browser(as: "operator-2")
    #expect(await browser.run(stop).status == .conflict)
    let form = ["reason": "The blog is down and nobody answers", "password": Stage.password]
    #expect(await browser.post("/emergencies", form).status == .seeOther)
    #expect(await browser.run(stop).status == .seeOther)
    #expect(try await settled(stop, on: stage) == .succeeded)
    #expect(try peer.calls("StopServiceDeployment").count == 1)
    let safety = await (try stage.browser(as: "approver")).get("/safety").text
    #expect(safety.contains("The blog is down and nobody answers"))
    try await stage.end()
  }

  @Test func `a revision that is deregistered after the approval makes it stale`() async throws {
    let stage = try await stage()
    let number = try await approved(
      try await query("v5.87.1-2", method: "revision:" + Self.earlier, on: stage), on: stage)
    try peer.act(
      "ecs", "deregister_task_definition", #"{"taskDefinition": "\#(Self.earlier)"}"#)
    try peer.forget()
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try stage.change(number).storedState == .stale)
    #expect(try peer.calls("UpdateService").isEmpty)
    try await stage.end()
  }
}
