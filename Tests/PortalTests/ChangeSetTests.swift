import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Updates of the stack by change sets, against the AWS peer.
extension SettingKindTests {
  /// The template of the peer's stack with some text exchanged.
  private func template(_ old: String, _ new: String) throws -> String {
    let path = Stage.root + "/Tests/Cloud/cloud/stack.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(old))
    return text.replacingOccurrences(of: old, with: new)
  }

  /// Somebody's run of infra-deploy in mode “plan”; the change set as Caretaker reads it.
  private func planned(
    _ name: String, _ old: String, _ new: String, on stage: Stage
  ) async throws -> PlannedUpdate {
    let parameters = [
      "StackName": "GhostInfraStack", "ChangeSetName": name, "TemplateBody": try template(old, new),
    ]
    try peer.act(
      "cloudformation", "create_change_set",
      String(decoding: JSONEncoder().encode(parameters), as: UTF8.self))
    try peer.advance(seconds: 10)
    try await poll(stage)
    let facts = try stage.portal.storage.readNow {
      try ObservationStore.facts(ChangeSetFacts.self, site: "blog", in: $0)
    }
    return try #require(facts?.facts.sets.first { $0.name == name })
  }

  private func query(_ update: PlannedUpdate) -> String {
    "kind=cfn.execute&arn=\(percentEncoded(update.arn))"
  }

  private static let retention = ("BackupRetentionPeriod: 1", "BackupRetentionPeriod: 7")
  private static let encryption = ("StorageEncrypted: false", "StorageEncrypted: true")

  @Test func `a change set is shown before and after, approved by its ARN and executed`()
    async throws
  {
    let stage = try await stage()
    let update = try await planned(
      "plan-1", Self.retention.0, Self.retention.1, on: stage)
    #expect(update.counts == "1 changed")
    #expect(!update.isIrreversible)
    let browser = try await stage.browser(as: "operator")
    #expect(await browser.get("/infrastructure").text.contains("plan-1"))
    let page = await browser.get("/infrastructure/change-sets/\(update.pageID)").text
    #expect(page.contains("is changed in place."))
    #expect(page.contains("<del>1</del><ins>7</ins>"))
    let number = try await proposed(query(update), on: stage)
    #expect(try stage.change(number).plan.guarding == .guarded)
    try await Proposals.approve(number, on: stage)
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    #expect(try peer.calls("ExecuteChangeSet").count == 1)
    try await poll(stage)
    #expect(try outcome(of: "rds.backup-retention", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `a change set is obsolete once the stack has moved, and does not run`() async throws {
    let stage = try await stage()
    let update = try await planned(
      "plan-2", Self.retention.0, Self.retention.1, on: stage)
    let number = try await approved(query(update), on: stage)
    try peer.change("stack", #"{"update": {"ServiceD69D759B": {"DesiredCount": 2}}}"#)
    try peer.advance(seconds: 600)
    _ = try await run(number, on: stage)
    #expect(try stage.change(number).storedState == .stale)
    #expect(try peer.calls("ExecuteChangeSet").isEmpty)
    let page = await (try stage.browser(as: "operator")).get("/changes/\(number)").text
    #expect(page.contains("OBSOLETE"))
    try await stage.end()
  }

  @Test func `what takes away a database needs its backup, two others and the stack's name`()
    async throws
  {
    let stage = try await stage()
    let update = try await planned(
      "plan-3", Self.encryption.0, Self.encryption.1, on: stage)
    #expect(update.isIrreversible)
    #expect(update.counts.contains("1 replaced"))
    let page = await (try stage.browser(as: "viewer")).get(
      "/infrastructure/change-sets/\(update.pageID)"
    ).text
    #expect(page.contains("It takes away what can’t be had back: DatabaseB269D8BB."))
    #expect(page.contains("is deleted after a last snapshot."))
    let number = try await proposed(query(update), on: stage)
    let plan = try stage.change(number).plan
    #expect(plan.guarding == .irreversible)
    #expect(plan.typedName == "GhostInfraStack")
    #expect(plan.backup?.words == "the database ghostinfrastack-database12345678-abcdefghijkl")
    try await stage.end()
  }

  @Test func `an update that fails and is put back is a failed change`() async throws {
    let stage = try await stage()
    let update = try await planned(
      "plan-4", Self.encryption.0, Self.encryption.1, on: stage)
    let means = directMeans(on: stage)
    let asked = Asked(
      change: "change-4", site: means.cloud.site, form: ["arn": update.arn],
      person: try stage.person("operator"))
    let plan = try await ChangeKind.changeSetExecution.plan(means, asked)
    _ = try await ChangeKind.changeSetExecution.perform(means, plan, plan.steps[0], [])
    try peer.advance(seconds: 600)
    let readings = try await ChangeKind.changeSetExecution.read(means, plan)
    let verdict = try #require(Verdict(of: plan, from: readings, isLate: false))
    #expect(verdict.state == .failedPartial)
    try await stage.end()
  }

  @Test func `a change set without changes can't be executed, and says so`() async throws {
    let stage = try await stage()
    let update = try await planned(
      "plan-5", "BackupRetentionPeriod: 1", "BackupRetentionPeriod: 1", on: stage)
    #expect(update.standing == "holds no changes")
    #expect(try await Proposals.refusal(query(update), on: stage).contains("can&#39;t be executed"))
    try await stage.end()
  }

  @Test func `a service that runs what the code does not say is warned of before it is undone`()
    async throws
  {
    let stage = try await stage()
    let number = try await approved("kind=ecs.task-size&size=512-1024", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    let update = try await planned("plan-6", "Cpu: '256'", "Cpu: '1024'", on: stage)
    let preview = await (try stage.browser(as: "operator")).get("/changes/preview?" + query(update))
    #expect(preview.text.contains("which was deployed past the code."))
    try await stage.end()
  }

  @Test func `a stack that is stuck says what it means and goes on with its rollback`()
    async throws
  {
    let stage = try await stage()
    let update = try await planned("plan-8", Self.retention.0, Self.retention.1, on: stage)
    try peer.change("stack", #"{"status": "UPDATE_ROLLBACK_FAILED"}"#)
    try await poll(stage)
    #expect(
      try await Proposals.refusal(query(update), on: stage)
        .contains("takes no update. Mend what the stack"))
    let page = await (try stage.browser(as: "operator")).get("/infrastructure").text
    #expect(page.contains("putting it back failed too"))
    #expect(page.contains("Continue the rollback"))
    #expect(try outcome(of: "cfn.status", on: stage) == .fail)
    #expect(try await done("kind=cfn.continue-rollback", on: stage) == .succeeded)
    try await poll(stage)
    #expect(try outcome(of: "cfn.status", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `a lost answer of an execution is settled by reading`() async throws {
    let stage = try await stage()
    let update = try await planned(
      "plan-7", Self.retention.0, Self.retention.1, on: stage)
    let number = try await approved(query(update), on: stage)
    try peer.faults(
      #"[{"service": "cloudformation", "operation": "ExecuteChangeSet", "drop": "after"}]"#)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    // CloudFormation takes its time; each look reads how far it is.
    try await lookOn(at: number, on: stage)
    #expect(try stage.change(number).storedState == .succeeded)
    #expect(try peer.calls("ExecuteChangeSet").count == 1)
    try await stage.end()
  }
}
