import AWS
import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Rolling to another image, deploying the same again and stopping a rollout, against the AWS peer
/// and a blog that runs what the peer's service runs. The tests take turns.
@Suite(.serialized) struct ImageKindTests: CloudSuite {
  let peer: CloudPeer
  let blog: FakeBlog

  init() throws {
    peer = try CloudPeer.ofImages.get()
    blog = try FakeBlog.ofImages.get()
    try peer.reset()
    try blog.reset()
    // One of the image's own, which is there in every task.
    try blog.control("settings", #"{"active_theme": "casper"}"#)
  }

  /// A portal that has read the peer's account.
  func stage() async throws -> Stage {
    let stage = try Stage(endpoint: peer.url, blog: blog)
    // On a busy machine the first listing of the stack may come too late.
    for _ in 0..<5 where (try? service(stage)) == nil { try await poll(stage) }
    return stage
  }

  func cloud(_ stage: Stage) -> Cloud {
    directMeans(on: stage).cloud
  }

  func service(_ stage: Stage) throws -> (cluster: String, name: String) {
    try stage.portal.storage.readNow { try SiteIDs(site: "blog", in: $0) }.service
  }

  func digest(_ tag: String, on stage: Stage) async throws -> String {
    try #require(try await cloud(stage).ecr.digest(of: tag, in: "ghost"))
  }

  /// The query that asks for an image by its tag.
  func query(_ tag: String, method: String = "pin", on stage: Stage) async throws -> String {
    "kind=ecs.image&method=\(method)&digest=\(try await digest(tag, on: stage))"
  }

  func preview(_ query: String, on stage: Stage) async throws -> Response {
    await (try stage.browser(as: "operator")).get("/changes/preview?" + query)
  }

  /// Previews, proposes and approves through the pages.
  func approved(
    _ query: String, by approvers: [String] = ["approver"], on stage: Stage
  ) async throws -> Int64 {
    let number = try await Proposals.propose(
      query, reason: "The new one breaks the editor", on: stage)
    for login in approvers { try await Proposals.approve(number, by: login, on: stage) }
    return number
  }

  func run(_ number: Int64, on stage: Stage) async throws -> Response {
    try await stage.browser(as: "operator-2").run(number)
  }

  /// Waits until a change has come to rest; gives up after a minute, by failing.
  func settled(_ number: Int64, on stage: Stage) async throws -> ChangeState {
    try await stage.settled(number) { try peer.advance(seconds: 20) }
  }

  /// Why a change is in its state, as its page says.
  func page(_ number: Int64, on stage: Stage) async throws -> String {
    await (try stage.browser(as: "viewer")).get("/changes/\(number)").text
  }

  func images(_ stage: Stage) async throws -> String {
    try await poll(stage)
    return await (try stage.browser(as: "operator")).get("/images").text
  }

  /// Waits for the blog, which starts anew with another task.
  func blogFollows(_ cloud: Cloud) async throws {
    try blog.look()
    try await wait { try await cloud.blogFacts().isStarting == false }
  }

  /// Lets the service run `ghost:latest`, with that tag on the image that runs.
  func runLatest(on stage: Stage) async throws {
    let (cloud, id) = (cloud(stage), try service(stage))
    let running = try await digest("v5.87.1-3", on: stage)
    _ = try await cloud.ecr.putTag("latest", on: running, in: "ghost")
    let facts = try await cloud.liveImages(id, repository: "ghost")
    let base = try await cloud.ecs.describeTaskDefinition(
      facts.service.taskDefinition, includeTags: true)
    let made = try await cloud.ecs.registerTaskDefinition(
      basedOn: base, image: facts.images.uri + ":latest", container: "ghost", tags: [:])
    _ = try await cloud.ecs.updateService(
      cluster: id.cluster, service: id.name, desiredCount: nil, taskDefinition: made)
    try peer.advance(seconds: 300)
    try await blogFollows(cloud)
    try await poll(stage)
    try peer.forget()
  }

  @Test func `the usual way registers a revision that differs in the image alone, and deploys it`()
    async throws
  {
    let stage = try await stage()
    let target = try await digest("v5.87.1-2", on: stage)
    let before = try await cloud(stage).liveImages(try service(stage), repository: "ghost")
    let number = try await approved(try await query("v5.87.1-2", on: stage), on: stage)
    #expect(try stage.change(number).plan.guarding == .guarded)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("RegisterTaskDefinition").count == 1)
    #expect(try peer.calls("UpdateService").count == 1)
    let after = try await cloud(stage).liveImages(try service(stage), repository: "ghost")
    #expect(after.running == [target])
    var fields = before.definition.fields
    fields["containerDefinitions.ghost.image"] = "\(after.images.uri)@\(target)"
    #expect(after.definition.fields == fields)
    #expect(try peer.violations().isEmpty)
    let images = try await images(stage)
    #expect(images.contains("Ghost 5.87.1 runs, from v5.87.1-2."))
    #expect(images.contains("Pinned outside CDK."))
    #expect(images.contains("the stack’s template names ghost:v5.87.1-3"))
    try await stage.end()
  }

  @Test func `an earlier revision is deployed with everything in it, each field in the plan`()
    async throws
  {
    let stage = try await stage()
    let name = "GhostInfraStackTaskDefB54D3F05:3"
    let query = try await query("v5.87.1-2", method: "revision:\(name)", on: stage)
    let preview = try await preview(query, on: stage).text
    #expect(preview.contains("containerDefinitions.ghost.image"))
    let number = try await approved(query, on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("RegisterTaskDefinition").isEmpty)
    let after = try await cloud(stage).liveImages(try service(stage), repository: "ghost")
    #expect(after.service.revision == name)
    try await stage.end()
  }

  @Test func `the tag latest is moved and looked up by a new rollout`() async throws {
    let stage = try await stage()
    try await runLatest(on: stage)
    let target = try await digest("v5.87.1-2", on: stage)
    let number = try await approved(
      try await query("v5.87.1-2", method: "latest", on: stage), on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("PutImage").count == 1)
    #expect(try await digest("latest", on: stage) == target)
    let inverse = try #require(try stage.change(number).plan.inverse)
    #expect(inverse.form["digest"] == (try await digest("v5.87.1-3", on: stage)))
    try await stage.end()
  }

  @Test func `the tag is not moved where tags are immutable, or nothing names it`() async throws {
    let stage = try await stage()
    let query = try await query("v5.87.1-2", method: "latest", on: stage)
    let before = try await preview(query, on: stage).text
    #expect(before.contains("moving the tag would change nothing"))
    try await runLatest(on: stage)
    try peer.act(
      "ecr", "put_image_tag_mutability",
      #"{"repositoryName": "ghost", "imageTagMutability": "IMMUTABLE"}"#)
    #expect(try await preview(query, on: stage).text.contains("Tags of ghost are immutable"))
    #expect(try peer.calls("PutImage").isEmpty)
    try await stage.end()
  }

  @Test func `what leads elsewhere today is no way back to the image it once was`() async throws {
    let stage = try await stage()
    let name = "GhostInfraStackTaskDefB54D3F05:2"
    let query = try await query("v5.87.1-2", method: "revision:\(name)", on: stage)
    #expect(try await preview(query, on: stage).text.contains("tags are looked up anew"))
    try await stage.end()
  }

  @Test(arguments: [
    "kind=ecs.image&method=pin", "kind=ecs.image&digest=x", "kind=ecs.image&digest=sha256:x",
    "kind=ecs.image&method=magic&digest=sha256:x", "kind=ecs.stop-rollout",
  ])
  func `what can't be asked for is refused with a sentence`(query: String) async throws {
    let stage = try await stage()
    let response = try await preview(query, on: stage)
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("There is a problem"))
    try await stage.end()
  }

  @Test func `the image that runs is not rolled to, and the same again is another change`()
    async throws
  {
    let stage = try await stage()
    let page = try await preview(try await query("v5.87.1-3", on: stage), on: stage).text
    #expect(page.contains("v5.87.1-3 runs already."))
    let number = try await approved("kind=ecs.redeploy", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("UpdateService").count == 1)
    try await stage.end()
  }

  @Test func `another version of Ghost takes two people and a fresh backup`() async throws {
    let stage = try await stage()
    let query = try await query("v5.82.2-1", on: stage)
    let page = try await preview(query, on: stage).text
    #expect(page.contains("does not start on a newer one"))
    let number = try await approved(query, by: ["approver", "approver-2"], on: stage)
    let plan = try stage.change(number).plan
    #expect(plan.guarding == .irreversible && plan.backup != nil && !plan.restoresService)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `without a fresh backup another version of Ghost is not deployed`() async throws {
    let stage = try await stage()
    let now = cloud(stage).now()
    stage.clock.advance(ms: now.since(stage.clock.now) + 2 * Span.day)
    let number = try await approved(
      try await query("v5.82.2-1", on: stage), by: ["approver", "approver-2"], on: stage)
    let response = try await run(number, on: stage)
    #expect(response.status == .conflict)
    #expect(response.text.contains("the database"))
    #expect(try peer.calls("RegisterTaskDefinition").isEmpty)
    try await stage.end()
  }
}
