import AWS
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Kinds of change that set one thing, each run against the AWS peer.
@Suite(.serialized) struct SettingKindTests: CloudSuite {
  let peer: CloudPeer

  init() throws {
    peer = try CloudPeer.ofSettings.get()
    try peer.reset()
  }

  func outcome(of finding: String, on stage: Stage) throws -> Finding.Outcome {
    try stage.portal.storage.readNow { db in
      let site = stage.portal.configuration.sites[0].name
      return try FindingStore.find(finding, site: site, at: stage.clock.now, in: db)
        .finding.outcome
    }
  }

  @Test(
    arguments: [
      ("s3.versioning", "kind=s3.versioning&versioning=on"),
      ("cfn.termination-protection", "kind=cfn.termination-protection&protection=on"),
      ("alb.deletion-protection", "kind=alb.deletion-protection&protection=on"),
      ("ecr.tags-immutable", "kind=ecr.tag-mutability&tags=fixed"),
    ])
  func `a finding is mended by its change within one poll`(
    finding: String, query: String
  ) async throws {
    let stage = try await stage()
    #expect(try outcome(of: finding, on: stage) == .fail)
    #expect(try await done(query, on: stage) == .succeeded)
    try await poll(stage)
    #expect(try outcome(of: finding, on: stage) == .pass)
    try await stage.end()
  }

  @Test func `a retention unlike the stack's code stays a finding, in other words`() async throws {
    let stage = try await stage()
    #expect(try await done("kind=logs.retention&days=90", on: stage) == .succeeded)
    try await poll(stage)
    let page = await (try stage.browser(as: "viewer")).get("/findings/logs.retention").text
    #expect(page.contains("Log lines are kept 90 days; the stack says 731."))
    #expect(page.contains("Change the CDK code to 90 too"))
    try await stage.end()
  }

  @Test func `what is safer needs no second person, what is less safe does`() async throws {
    let stage = try await stage()
    let on = try await proposed("kind=cfn.termination-protection&protection=on", on: stage)
    #expect(try stage.change(on).storedState == .approved)
    let shorter = try await proposed("kind=logs.retention&days=30", on: stage)
    #expect(try stage.change(shorter).storedState == .pending)
    let longer = try await proposed("kind=logs.retention&days=0", on: stage)
    #expect(try stage.change(longer).storedState == .approved)
    try await stage.end()
  }

  @Test func `a setting that somebody else has changed meanwhile is not run`() async throws {
    let stage = try await stage()
    let number = try await proposed("kind=s3.versioning&versioning=on", on: stage)
    try peer.act(
      "s3", "put_bucket_versioning",
      #"{"Bucket": "\#(CloudPeer.bucket)", "VersioningConfiguration": {"Status": "Suspended"}}"#)
    let answer = try await run(number, on: stage)
    #expect(answer.status == .conflict)
    #expect(answer.text.contains("suspended"))
    #expect(try peer.calls("PutBucketVersioning").isEmpty)
    try await stage.end()
  }

  @Test func `old versions are kept as long as asked for, beside the other rules`() async throws {
    let stage = try await stage()
    let others = #"{"ID": "tmp", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "#
    try peer.act(
      "s3", "put_bucket_lifecycle_configuration",
      #"{"Bucket": "\#(CloudPeer.bucket)", "LifecycleConfiguration": {"Rules": ["#
        + others + #""Expiration": {"Days": 9}}]}}"#)
    #expect(try await done("kind=s3.lifecycle&days=30", on: stage) == .succeeded)
    let means = stage.portal.means(at: stage.portal.configuration.sites[0])
    let rules = try await means.cloud.s3.getBucketLifecycleConfiguration(CloudPeer.bucket)
    #expect(Set(rules.map(\.id)) == ["tmp", "caretaker-old-versions"])
    #expect(BucketLifecycle.days(of: rules) == 30)
    try await stage.end()
  }

  @Test func `deleted images are listed in the preview and brought back by the run`() async throws {
    let stage = try await stage()
    #expect(try await done("kind=s3.versioning&versioning=on", on: stage) == .succeeded)
    let key = "content/images/2026/02/cat.png"
    try peer.act("s3", "delete_object", #"{"Bucket": "\#(CloudPeer.bucket)", "Key": "\#(key)"}"#)
    let preview = await (try stage.browser(as: "operator"))
      .get("/changes/preview?kind=s3.restore&prefix=content/images/")
    #expect(preview.text.contains("Bring back \(key)"))
    #expect(try await done("kind=s3.restore&prefix=content/images/", on: stage) == .succeeded)
    let means = stage.portal.means(at: stage.portal.configuration.sites[0])
    #expect(
      try await means.cloud.deleted(DeletedSelection { _ in nil }, in: CloudPeer.bucket).marks
        .isEmpty)
    #expect(
      try await Proposals.refusal("kind=s3.restore&prefix=content/", on: stage)
        .contains("There are no deleted objects beginning with “content/”."))
    try await stage.end()
  }

  @Test func `a bucket with images in it is not deleted`() async throws {
    let stage = try await stage()
    #expect(
      try await Proposals.refusal("kind=s3.delete", on: stage).contains(
        "holds objects or old versions"))
    #expect(try peer.calls("DeleteBucket").isEmpty)
    try await stage.end()
  }

  @Test(
    arguments: [
      ("kind=logs.retention&days=13", "CloudWatch has no others"),
      ("kind=s3.lifecycle&days=x", "Write 0 to 3650 days."),
      ("kind=s3.versioning&versioning=maybe", "Choose on or off."),
      ("kind=logs.retention&days=731", "Log lines are kept is “731 days” already."),
    ])
  func `what can't be set is said in words, on the form, which stays filled in`(
    query: String, words: String
  ) async throws {
    let stage = try await stage()
    #expect(try await Proposals.refusal(query, on: stage).contains(words))
    try await stage.end()
  }
}
