import AWS
import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// How rollouts of images end, what keeps them from beginning, and what is lost on the way. In turn
/// with the other tests of images.
extension ImageKindTests {
  /// An approved roll-back to the image before.
  private func approved(on stage: Stage) async throws -> Int64 {
    try await approved(try await query("v5.87.1-2", on: stage), on: stage)
  }

  /// The newest rollout's ARN.
  private func newest(on stage: Stage) async throws -> String {
    let id = try service(stage)
    return try #require(
      try await cloud(stage).ecs.listServiceDeployments(cluster: id.cluster, service: id.name)
        .first
    ).arn
  }

  private func lose(_ service: String, _ operation: String, _ drop: String) throws {
    try peer.faults(
      """
      [{"service": "\(service)", "operation": "\(operation)", "times": 1, "drop": "\(drop)"}]
      """)
  }

  @Test(arguments: [false, true])
  func `a rollout that ECS rolls back is a failed change`(rollbackFails: Bool) async throws {
    let stage = try await stage()
    let number = try await approved(on: stage)
    let digest = try await digest("v5.87.1-2", on: stage)
    try peer.change(
      "deployments",
      #"{"failing_images": ["\#(digest)"], "fail_rollback": \#(rollbackFails)}"#)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .failedPartial)
    let end = rollbackFails ? "ROLLBACK_FAILED" : "ROLLBACK_SUCCESSFUL"
    #expect(try await page(number, on: stage).contains("This change’s rollout is \(end)."))
    let images = try await images(stage)
    #expect(images.contains(rollbackFails ? "Failed, and its roll-back too" : "Rolled back"))
    try await stage.end()
  }

  @Test func `a rollout that somebody ends without a roll-back is a failed change`() async throws {
    let stage = try await stage()
    let number = try await approved(on: stage)
    try peer.change("deployments", #"{"pending_s": 100000}"#)
    _ = try await run(number, on: stage)
    try await wait { try peer.calls("UpdateService").isEmpty == false }
    let arn = try await newest(on: stage)
    try peer.act(
      "ecs", "stop_service_deployment",
      #"{"serviceDeploymentArn": "\#(arn)", "stopType": "ABORT"}"#)
    #expect(try await settled(number, on: stage) == .failedPartial)
    #expect(try await page(number, on: stage).contains("rollout is STOPPED."))
    try await stage.end()
  }

  @Test func `a rollout that goes wrong is stopped and rolled back, also while its change runs`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved(on: stage)
    try peer.change("deployments", #"{"pending_s": 100000}"#)
    _ = try await run(number, on: stage)
    try await wait { try peer.calls("UpdateService").isEmpty == false }
    let page = try await images(stage)
    #expect(page.contains("Stop and roll back"))
    #expect(page.contains("A rollout is under way. Wait for its end, or stop it."))
    #expect(page.contains(#"http-equiv="refresh""#))
    let stop = try await approved("kind=ecs.stop-rollout", on: stage)
    #expect(try stage.change(stop).plan.restoresService)
    #expect(try await run(stop, on: stage).status == .seeOther)
    #expect(try await settled(stop, on: stage) == .succeeded)
    #expect(try await settled(number, on: stage) == .failedPartial)
    #expect(try peer.calls("StopServiceDeployment").count == 1)
    try await stage.end()
  }

  @Test func `a home page that does not answer afterwards is a failed change`() async throws {
    let stage = try await stage()
    let number = try await approved(on: stage)
    try blog.change(#"{"missing_theme": "casper"}"#)
    _ = try await run(number, on: stage)
    try await wait { try stage.change(number).storedState == .verifying }
    try peer.advance(seconds: 600)
    try await blogFollows(cloud(stage))
    stage.clock.advance(ms: Span.hour)
    #expect(try await settled(number, on: stage) == .failedPartial)
    let page = try await page(number, on: stage)
    #expect(page.contains("Home page is 500 (the theme “casper” is missing) instead of 200"))
    try await stage.end()
  }

  @Test func `an image that is archived, gone or blocked by a rollout is refused and shown red`()
    async throws
  {
    let stage = try await stage()
    let archived = try await query("v5.87.1-2", on: stage)
    let gone = try await query("v5.80.0-1", on: stage)
    try peer.change("images", #"{"archive": "v5.87.1-2"}"#)
    try peer.act(
      "ecr", "batch_delete_image",
      #"{"repositoryName": "ghost", "imageIds": [{"imageTag": "v5.80.0-1"}]}"#)
    #expect(try await preview(archived, on: stage).text.contains("It is archived."))
    #expect(try await preview(gone, on: stage).text.contains("does not hold it any more"))
    #expect(try await images(stage).contains("It is archived. Restore it in ECR first"))
    let id = try service(stage)
    _ = try await cloud(stage).ecs.updateService(
      cluster: id.cluster, service: id.name, desiredCount: nil, taskDefinition: nil,
      forcesDeployment: true)
    let blocked = try await preview(try await query("v5.82.2-1", on: stage), on: stage).text
    #expect(blocked.contains("A rollout is under way."))
    #expect(try peer.calls("RegisterTaskDefinition").isEmpty)
    try await stage.end()
  }

  @Test func `nothing is deployed while Ghost starts, and the page says why`() async throws {
    let stage = try await stage()
    let query = try await query("v5.87.1-2", on: stage)
    try blog.restart(forMs: 60_000)
    #expect(try await preview(query, on: stage).text.contains("Ghost is starting"))
    #expect(try await images(stage).contains("Ghost is starting and may be migrating"))
    try await stage.end()
  }

  @Test func `an image of which the revisions are deregistered is red, and is run by a new one`()
    async throws
  {
    let stage = try await stage()
    let revision = "GhostInfraStackTaskDefB54D3F05:3"
    try peer.act("ecs", "deregister_task_definition", #"{"taskDefinition": "\#(revision)"}"#)
    #expect(try await images(stage).contains("\(revision) is deregistered"))
    let old = try await query("v5.87.1-2", method: "revision:\(revision)", on: stage)
    #expect(try await preview(old, on: stage).text.contains("Use a new revision instead."))
    let new = try await query("v5.87.1-2", on: stage)
    #expect(try await preview(new, on: stage).status == .ok)
    try await stage.end()
  }

  @Test func `an image that a lifecycle rule takes next is red`() async throws {
    let stage = try await stage()
    let selection = #""tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3"#
    let policy =
      #"{"rules": [{"rulePriority": 1, "selection": {\#(selection)}, "action": "#
      + #"{"type": "expire"}}]}"#
    let arguments = ["repositoryName": "ghost", "lifecyclePolicyText": policy]
    try peer.act(
      "ecr", "put_lifecycle_policy",
      String(decoding: JSONEncoder().encode(arguments), as: UTF8.self))
    let page = try await images(stage)
    #expect(page.contains("Lifecycle rule 1 removes it with the next push."))
    #expect(page.contains("Lifecycle rule 1 removes it at any moment."))
    #expect(page.contains("1 lifecycle rule removes images."))
    try await stage.end()
  }

  @Test(arguments: ["archive", "rollout", "start"])
  func `what moved since the approval makes it stale`(move: String) async throws {
    let stage = try await stage()
    let number = try await approved(on: stage)
    switch move {
    case "archive": try peer.change("images", #"{"archive": "v5.87.1-2"}"#)
    case "rollout":
      let id = try service(stage)
      _ = try await cloud(stage).ecs.updateService(
        cluster: id.cluster, service: id.name, desiredCount: nil, taskDefinition: nil,
        forcesDeployment: true)
      try peer.advance(seconds: 300)
    default: try blog.restart(forMs: 60_000)
    }
    try peer.forget()
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try stage.change(number).storedState == .stale)
    #expect(try peer.calls("RegisterTaskDefinition").isEmpty)
    #expect(try peer.calls("UpdateService").isEmpty)
    try await stage.end()
  }

  @Test(arguments: ["tag", "mutability"])
  func `a tag that moved, or can't be moved any more, makes it stale`(move: String) async throws {
    let stage = try await stage()
    try await runLatest(on: stage)
    let number = try await approved(
      try await query("v5.87.1-2", method: "latest", on: stage), on: stage)
    if move == "tag" {
      _ = try await cloud(stage).ecr.putTag(
        "latest", on: try await digest("v5.82.2-1", on: stage), in: "ghost")
    } else {
      try peer.act(
        "ecr", "put_image_tag_mutability",
        #"{"repositoryName": "ghost", "imageTagMutability": "IMMUTABLE"}"#)
    }
    try peer.forget()
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try stage.change(number).storedState == .stale)
    #expect(try peer.calls("PutImage").isEmpty)
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `a lost registration is unknown, and nothing is deployed`(drop: String) async throws {
    let stage = try await stage()
    let number = try await approved(on: stage)
    try lose("ecs", "RegisterTaskDefinition", drop)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    try await poll(stage)
    #expect(try stage.change(number).storedState == .unknown)
    #expect(try peer.calls("RegisterTaskDefinition").count == 1)
    #expect(try peer.calls("UpdateService").isEmpty)
    try await stage.end()
  }

  @Test func `a rollout whose answer is lost is seen to its end, and not begun twice`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved(on: stage)
    try lose("ecs", "UpdateService", "after")
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    try await lookOn(at: number, on: stage)
    #expect(try stage.change(number).storedState == .succeeded)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `an earlier revision whose call never arrived is deployed when a person says so`()
    async throws
  {
    let stage = try await stage()
    let method = "revision:GhostInfraStackTaskDefB54D3F05:3"
    let number = try await approved(
      try await query("v5.87.1-2", method: method, on: stage), on: stage)
    try lose("ecs", "UpdateService", "before")
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    let browser = try await stage.browser(as: "operator-2")
    #expect(await browser.resume(number).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `a lost move of the tag is unknown, and nothing is deployed`(drop: String) async throws {
    let stage = try await stage()
    try await runLatest(on: stage)
    let number = try await approved(
      try await query("v5.87.1-2", method: "latest", on: stage), on: stage)
    try lose("ecr", "PutImage", drop)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    #expect(try peer.calls("PutImage").count == 1)
    #expect(try peer.calls("UpdateService").isEmpty)
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `a lost stop is seen to be done, or sent when a person says so`(drop: String) async throws {
    let stage = try await stage()
    try peer.change("deployments", #"{"pending_s": 100000}"#)
    let id = try service(stage)
    _ = try await cloud(stage).ecs.updateService(
      cluster: id.cluster, service: id.name, desiredCount: nil, taskDefinition: nil,
      forcesDeployment: true)
    let number = try await approved("kind=ecs.stop-rollout", on: stage)
    try lose("ecs", "StopServiceDeployment", drop)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    if drop == "before" {
      let browser = try await stage.browser(as: "operator-2")
      #expect(await browser.resume(number).status == .seeOther)
      #expect(try await settled(number, on: stage) == .succeeded)
    } else {
      try await lookOn(at: number, on: stage)
      #expect(try stage.change(number).storedState == .succeeded)
      #expect(try peer.calls("StopServiceDeployment").count == 1)
    }
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `a lost order to deploy the same again is not sent twice`(drop: String) async throws {
    let stage = try await stage()
    let number = try await approved("kind=ecs.redeploy", on: stage)
    try lose("ecs", "UpdateService", drop)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    try await lookOn(at: number, on: stage)
    #expect(try stage.change(number).storedState == (drop == "after" ? .succeeded : .unknown))
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }
}
