import Foundation
import Rules
import Testing

@testable import Portal

/// Every reading there is, while AWS answers as it should not. The tests take turns: there is one
/// peer for them.
@Suite(.serialized) struct WrongAnswerTests {
  /// A way in which an answer is wrong, as the peer's control API takes it.
  enum Wrong: String, CaseIterable {
    case refused = #""code": "AccessDeniedException", "status": 403"#
    case throttled = #""code": "ThrottlingException", "status": 400"#
    case failing = #""code": "InternalFailure", "status": 503"#
    case pageInPlace = #""body": "<html>Bad gateway</html>", "status": 502"#
    case pageThatLooksGood = #""body": "<html>It works!</html>", "status": 200"#
    case cutOff = #""body": "{\"members\": [{\"na", "status": 200"#
    case reset = #""drop": "before""#
  }

  /// How the peer calls services that IAM calls otherwise.
  private static let services = ["elasticloadbalancing": "elbv2", "ses": "sesv2"]
  /// How S3 calls what IAM calls otherwise.
  private static let operations = [
    "GetEncryptionConfiguration": "GetBucketEncryption",
    "GetBucketPublicAccessBlock": "GetPublicAccessBlock",
    "GetLifecycleConfiguration": "GetBucketLifecycleConfiguration",
  ]
  /// Calls that a reading makes only where another told nothing.
  private static let conditional: Set = [
    "identities GetHostedZone", "certificates ListCertificates", "change-sets DescribeChangeSet",
  ]

  private let peer: CloudPeer
  private let stage: Stage

  init() async throws {
    peer = try CloudPeer.ofWrongAnswers.get()
    try peer.reset()
    stage = try Stage(endpoint: peer.url)
    await stage.portal.poll(stage.portal.means(at: stage.portal.configuration.sites[0]))
    // The look for drift that this began is over by then.
    try peer.advance(seconds: 600)
  }

  /// What a watch asks AWS, as service and operation.
  private func calls(of watch: Watch) -> [(service: String, operation: String)] {
    watch.actions.compactMap { action in
      let parts = action.split(separator: ":").map(String.init)
      guard parts.count == 2 else { return nil }
      return (Self.services[parts[0]] ?? parts[0], Self.operations[parts[1]] ?? parts[1])
    }.filter { !Self.conditional.contains("\(watch.subject.rawValue) \($0.operation)") }
  }

  /// Every watch that asks AWS.
  private var watches: [Watch] { Watch.all.filter { !calls(of: $0).isEmpty } }

  /// Reads everything and judges it. Each reading has a client of its own: none is left alone for
  /// what another was answered.
  private func look() async throws {
    let site = stage.portal.configuration.sites[0]
    let ids = try stage.portal.storage.readNow { try SiteIDs(site: site.name, in: $0) }
    let looks = await withTaskGroup { group in
      for watch in watches {
        group.addTask { [cloud = stage.portal.outside.cloud(site)] in
          do {
            let facts = try await watch.read(cloud, ids)
            return Look(watch.subject, source: watch.source, .read(facts))
          } catch {
            let sentence = (error as? any SpokenError)?.sentence ?? "not spoken: \(error)"
            return Look(watch.subject, source: watch.source, .failed(sentence))
          }
        }
      }
      return await group.reduce(into: [Look]()) { $0.append($1) }
    }
    try stage.portal.storage.writeNow { [now = stage.clock.now] db in
      for look in looks { try ObservationStore.store(look, site: site.name, at: now, in: db) }
      try FindingStore.judge(site: site.name, at: now, in: db)
    }
  }

  private func findings() throws -> [Finding] {
    let site = stage.portal.configuration.sites[0].name
    return try stage.portal.storage.readNow { [now = stage.clock.now] db in
      try FindingStore.all(site: site, at: now, in: db).map(\.finding)
    }
  }

  private func outcomes() throws -> [String: Finding.Outcome] {
    Dictionary(try findings().map { ($0.id, $0.outcome) }) { first, _ in first }
  }

  @Test(arguments: Wrong.allCases)
  func `what is answered wrongly is not known, in AWS's words, until the next look`(
    wrong: Wrong
  ) async throws {
    try await look()
    let usual = try outcomes()
    #expect(usual.values.contains(.pass) && usual.values.contains(.fail))
    let rounds = watches.map { calls(of: $0).count }.max() ?? 0
    for round in 0..<rounds {
      let failing = watches.compactMap { calls(of: $0).dropFirst(round).first }
      let faults = failing.map {
        #"{"service": "\#($0.service)", "operation": "\#($0.operation)", "times": null, "#
          + wrong.rawValue + "}"
      }
      try peer.faults("[" + faults.joined(separator: ", ") + "]")
      try await look()
      try peer.faults("[]")
      let found = try findings()
      for watch in watches where calls(of: watch).count > round {
        let own = found.filter { $0.subject == watch.subject }
        #expect(own.allSatisfy { $0.outcome == .noData }, "\(watch.subject) \(round)")
        let evidence = own.map(\.state).joined()
        let names = failing.map(\.operation).filter { name in
          calls(of: watch).contains { $0.operation == name }
        }
        #expect(names.contains { evidence.contains($0) } || own.isEmpty, "\(evidence)")
      }
      try await look()
      let after = try outcomes()
      #expect(usual.filter { after[$0.key] != $0.value } == [:], "after round \(round)")
    }
    try await stage.end()
  }

  @Test func `slow answers are waited for`() async throws {
    try await look()
    let usual = try outcomes()
    try peer.faults(#"[{"times": null, "latency_ms": 700}]"#)
    try await look()
    try peer.faults("[]")
    #expect(try outcomes() == usual)
    try await stage.end()
  }

  @Test func `lists in pages of one are read to their end`() async throws {
    try await look()
    let usual = try findings()
    let lists = [
      "acm.ListCertificates", "cloudformation.ListStackResources", "ec2.DescribeNatGateways",
      "ecr.DescribeImages", "ecs.ListTasks", "elbv2.DescribeListeners",
      "logs.DescribeLogGroups", "rds.DescribeDBSnapshots", "sesv2.ListEmailIdentities",
      "sns.ListSubscriptionsByTopic",
    ]
    try peer.change(
      "pages", "{" + lists.map { #""\#($0)": 1"# }.joined(separator: ", ") + "}")
    try peer.change("zone", #"{"rows_a_page": 1}"#)
    try peer.forget()
    try await look()
    let cut = try findings()
    #expect(cut.map(\.id) == usual.map(\.id))
    #expect(cut.map(\.outcome) == usual.map(\.outcome))
    #expect(try peer.calls("DescribeImages").count > 3)
    #expect(try peer.calls("ListStackResources").count > 40)
    #expect(try peer.calls("ListResourceRecordSets").count > 5)
    try await stage.end()
  }
}
