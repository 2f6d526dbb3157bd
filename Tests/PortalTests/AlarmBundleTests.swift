import AWS
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The recommended alarms, set against the AWS peer. In turn with the other settings.
extension SettingKindTests {
  private static let address = "ops@example.com"

  private func alarms(on stage: Stage) throws -> [AlarmSummary] {
    try #require(
      try stage.portal.storage.readNow {
        try ObservationStore.facts(AlarmFacts.self, site: "blog", in: $0)
      }
    ).facts.alarms.filter { $0.declared != nil }
  }

  @Test func `the recommended alarms are set as one change, with their topic and its readers`()
    async throws
  {
    let stage = try await stage()
    let query = "kind=cloudwatch.alarms&addresses=\(Self.address)"
    let number = try await proposed(query, on: stage)
    let plan = try stage.change(number).plan
    #expect(plan.guarding == .guarded)
    #expect(plan.cost.monthlyDifference?.formattedDifference() == "+$1.30")
    #expect(try stage.change(number).storedState == .pending)
    #expect(try await done(query, on: stage) == .succeeded)
    try await poll(stage)
    let set = try alarms(on: stage)
    #expect(set.count == RecommendedAlarm.allCases.count)
    #expect(set.allSatisfy { $0.tellsSomebody && !$0.hasDrifted })
    #expect(try peer.calls("PutRule").count == 1)
    let topics = await (try stage.browser(as: "viewer")).get("/resources/topics").text
    #expect(topics.contains("GhostInfraStack-alarms"))
    #expect(try outcome(of: "sns.unconfirmed", on: stage) == .fail)
    try peer.confirm(Self.address)
    try await poll(stage)
    #expect(try outcome(of: "sns.unconfirmed", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `alarms that are set already are not set again, and only what differs is`()
    async throws
  {
    let stage = try await stage()
    #expect(try await done("kind=cloudwatch.alarms", on: stage) == .succeeded)
    #expect(
      try await Proposals.refusal("kind=cloudwatch.alarms", on: stage).contains(
        "All of that is so already"))
    try peer.forget()
    #expect(try await done("kind=cloudwatch.alarms&database-cpu=70", on: stage) == .succeeded)
    #expect(try peer.calls("PutMetricAlarm").count == 1)
    #expect(try peer.calls("CreateTopic").isEmpty)
    try await poll(stage)
    let form = await (try stage.browser(as: "operator")).get(
      "/changes/new?kind=cloudwatch.alarms")
    #expect(form.text.contains(#"name="database-cpu" value="70""#))
    try await stage.end()
  }

  @Test func `a topic that takes no alarms any more is seen, and takes them again`() async throws {
    let stage = try await stage()
    #expect(try await done("kind=cloudwatch.alarms", on: stage) == .succeeded)
    let topic = "arn:aws:sns:us-west-2:123456789012:GhostInfraStack-alarms"
    let sns = directMeans(on: stage).cloud.sns
    let policy = try #require(try await sns.policy(of: topic))
    let narrow = policy.replacing("\"cloudwatch.amazonaws.com\",", with: "")
    #expect(narrow != policy)
    try await sns.setPolicy(narrow, of: topic)
    #expect(try await done("kind=cloudwatch.alarms", on: stage) == .succeeded)
    #expect(try await sns.policy(of: topic)?.contains("cloudwatch.amazonaws.com") == true)
    try await stage.end()
  }

  @Test func `an alarm that somebody sets otherwise is seen, and is set again by the same change`()
    async throws
  {
    let stage = try await stage()
    #expect(try await done("kind=cloudwatch.alarms", on: stage) == .succeeded)
    try await poll(stage)
    #expect(try outcome(of: "cloudwatch.alarm-drift", on: stage) == .pass)
    let alarm = try #require(try alarms(on: stage).first { $0.name.hasSuffix("service-memory") })
    let setting = try #require(alarm.setting)
    let means = directMeans(on: stage)
    try await means.cloud.cloudWatch.putMetricAlarm(
      CloudWatch.NewAlarm(
        name: alarm.name, description: setting.description("Quieter now."),
        namespace: setting.namespace, metric: setting.metric, dimensions: setting.dimensions,
        statistic: setting.statistic, periodS: setting.periodS, evaluations: setting.evaluations,
        comparison: setting.comparison.rawValue, threshold: "99", missing: setting.missing,
        topic: "arn:aws:sns:us-west-2:123456789012:GhostInfraStack-alarms"))
    try await poll(stage)
    #expect(try outcome(of: "cloudwatch.alarm-drift", on: stage) == .fail)
    #expect(try await done("kind=cloudwatch.alarms", on: stage) == .succeeded)
    try await poll(stage)
    #expect(try outcome(of: "cloudwatch.alarm-drift", on: stage) == .pass)
    try await stage.end()
  }

  @Test func `an alarm that AWS refuses half-way leaves a change that failed part-way`()
    async throws
  {
    let stage = try await stage()
    try peer.faults(
      #"""
      [{"service": "cloudwatch", "operation": "PutMetricAlarm", "skip": 3, "status": 400,
        "code": "LimitExceeded", "message": "too many alarms", "times": 1}]
      """#)
    let number = try await ready("kind=cloudwatch.alarms", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .failedPartial)
    // What was done stays done, and the same change does the rest.
    #expect(try await done("kind=cloudwatch.alarms", on: stage) == .succeeded)
    try await poll(stage)
    #expect(try alarms(on: stage).count == RecommendedAlarm.allCases.count)
    try await stage.end()
  }

  @Test func `a topic's test is sent once, and only where somebody would read it`() async throws {
    let stage = try await stage()
    let query = "kind=cloudwatch.alarms&addresses=\(Self.address)"
    #expect(try await done(query, on: stage) == .succeeded)
    let topic = "arn:aws:sns:us-west-2:123456789012:GhostInfraStack-alarms"
    #expect(
      try await Proposals.refusal("kind=sns.test&topic=\(topic)", on: stage)
        .contains("Nobody is told by it: 1 subscription, none confirmed."))
    let again = "kind=sns.subscription&topic=\(topic)&address=\(Self.address)"
    #expect(try await done(again, on: stage) == .succeeded)
    try peer.confirm(Self.address)
    #expect(
      try await Proposals.refusal(again, on: stage).contains("It tells ops@example.com already."))
    #expect(try await done("kind=sns.test&topic=\(topic)", on: stage) == .succeeded)
    #expect(try peer.calls("Publish").count == 1)
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `a test whose answer is lost is not known to be sent, and is not sent again`(drop: String)
    async throws
  {
    let stage = try await stage()
    #expect(
      try await done("kind=cloudwatch.alarms&addresses=\(Self.address)", on: stage) == .succeeded)
    try peer.confirm(Self.address)
    let topic = "arn:aws:sns:us-west-2:123456789012:GhostInfraStack-alarms"
    try peer.faults(
      #"[{"service": "sns", "operation": "Publish", "times": 1, "drop": "\#(drop)"}]"#)
    let number = try await ready("kind=sns.test&topic=\(topic)", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    for _ in 0..<3 { try await poll(stage) }
    #expect(try stage.change(number).storedState == .unknown)
    #expect(try peer.calls("Publish").count == 1)
    try await stage.end()
  }

  @Test(
    arguments: [
      ("addresses=ops", "“ops” is not an address."),
      ("latency=fast", "Write time to answer as a number of seconds"),
      ("mail-bounces=5.1234", "with at most three decimals"),
      ("addresses=a@b.example%0Ax@y", "“x@y” is not an address."),
    ])
  func `an alarm or address that can't be is said in words`(query: String, words: String)
    async throws
  {
    let stage = try await stage()
    #expect(
      try await Proposals.refusal("kind=cloudwatch.alarms&" + query, on: stage).contains(words))
    try await stage.end()
  }
}
