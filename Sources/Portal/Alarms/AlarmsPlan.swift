import AWS
import Foundation
import Rules

extension AlarmBundle {
  /// The bundle that a form asks for, of what a site is made of.
  init(_ asked: Asked, names: [RecommendedAlarm.Name: String], account: STS.Identity) throws {
    var settings: [RecommendedAlarm: AlarmSetting] = [:]
    let addresses = MailAddress.listed(in: asked.field("addresses"))
    var mistakes = [Self.mistake(in: addresses)].compactMap { $0 }
    for alarm in RecommendedAlarm.allCases {
      let typed = asked.field(alarm.rawValue)
      guard let milli = typed.isEmpty ? alarm.kind.usualMilli : AlarmSetting.milli(decimal: typed)
      else {
        mistakes.append(
          Mistake(
            "Write \(alarm.kind.label.lowercased()) as a number of \(alarm.kind.unit), with at "
              + "most three decimals.", at: alarm.rawValue))
        continue
      }
      settings[alarm] = alarm.setting(thresholdMilli: milli, names: names)
    }
    guard mistakes.isEmpty else { throw PlanProblem(mistakes) }
    let partition = account.arn.split(separator: ":").dropFirst().first ?? "aws"
    func arn(_ service: String, _ name: String) -> String {
      "arn:\(partition):\(service):\(asked.site.region):\(account.account):\(name)"
    }
    self.init(
      stack: asked.site.stack, topic: arn("sns", "\(asked.site.stack)-alarms"),
      addresses: Array(Set(addresses)).sorted(), settings: settings,
      alarms: RecommendedAlarm.allCases.filter { settings[$0] != nil },
      cluster: names[.cluster].map { arn("ecs", "cluster/\($0)") } ?? "")
  }

  /// The bundle of a plan, as far as it is needed to look at it again.
  init(of plan: Plan) {
    let fields = Set(plan.expected.map(\.field))
    self.init(
      stack: plan.parameters["stack"] ?? "", topic: plan.parameters["topic"] ?? "",
      addresses: (plan.parameters["addresses"] ?? "").split(separator: "\n").map(String.init),
      settings: [:], alarms: RecommendedAlarm.allCases.filter { fields.contains(Self.field($0)) },
      cluster: plan.parameters["cluster"] ?? "")
  }

  /// What is not right with the addresses of a form; nil where nothing is.
  private static func mistake(in addresses: [String]) -> Mistake? {
    if let bad = addresses.first(where: { MailAddress($0) == nil }) {
      return Mistake(
        "“\(bad)” is not an address. Write one a line, ops@example.com.", at: "addresses")
    }
    guard addresses.count > addressesMax else { return nil }
    return Mistake(
      "Write at most \(addressesMax) addresses; a list of the team's is better.", at: "addresses")
  }
}

/// What a bundle does to what is there: only what is not so already.
struct AlarmsPlan {
  let bundle: AlarmBundle
  let now: [String: String]

  /// How long CloudWatch and SNS may take to show it.
  static let verifyWithinMs = 10 * Span.minute

  /// The plan, or why there is none.
  func plan(for asked: Asked, cost: Cost) throws -> Plan {
    let missing = bundle.wanted.filter { now[$0.field] != $0.value }
    guard !missing.isEmpty else {
      throw PlanProblem("All of that is so already: \(count(bundle.alarms.count, "alarm")).")
    }
    let alarms = bundle.alarms.filter { alarm in
      missing.contains { $0.field == AlarmBundle.field(alarm) }
    }
    return Plan(
      change: asked.change, kind: ChangeKind.alarms.id, site: asked.site.name,
      title: alarms.isEmpty
        ? "Have alarms tell more" : "Set \(count(alarms.count, "alarm")) of \(bundle.stack)",
      guarding: .guarded,
      parameters: [
        "stack": bundle.stack, "topic": bundle.topic, "cluster": bundle.cluster,
        "addresses": bundle.addresses.joined(separator: "\n"),
      ],
      locks: ["alarms:\(bundle.stack)"],
      preconditions: bundle.wanted.map {
        Reading($0.field, $0.label, now[$0.field] ?? AlarmBundle.none)
      },
      steps: steps(missing: Set(missing.map(\.field)), alarms), expected: bundle.wanted,
      failure: [], verifyWithinMs: Self.verifyWithinMs, effects: effects(alarms), cost: cost)
  }

  private func steps(missing: Set<String>, _ alarms: [RecommendedAlarm]) -> [Step] {
    var steps: [Step] = []
    if missing.contains(AlarmBundle.topicField) {
      steps += [
        step(
          "sns", "CreateTopic", "Make the topic \(bundle.topicName)",
          ["Name": bundle.topicName, "TopicArn": bundle.topic]),
        step(
          "sns", "SetTopicAttributes", "Let alarms and events write to it",
          ["TopicArn": bundle.topic, "Policy": bundle.policy]),
      ]
    }
    for address in bundle.addresses
    where missing.contains(AlarmBundle.field(subscriber: address)) {
      steps.append(.subscribe(address, to: bundle.topic))
    }
    steps += alarms.compactMap { alarm in bundle.settings[alarm].map { step(alarm, $0) } }
    if missing.contains(AlarmBundle.ruleField) {
      steps += [
        step(
          "events", "PutRule", "Make the rule \(bundle.ruleName)",
          ["Name": bundle.ruleName, "EventPattern": bundle.pattern]),
        step(
          "events", "PutTargets", "Have it tell the topic",
          ["Rule": bundle.ruleName, "Arn": bundle.topic]),
      ]
    }
    return steps
  }

  private func step(_ alarm: RecommendedAlarm, _ setting: AlarmSetting) -> Step {
    step(
      "cloudwatch", "PutMetricAlarm",
      "\(alarm.kind.label): at \(alarm.words(setting))",
      [
        "AlarmName": bundle.name(alarm), "AlarmActions": bundle.topic,
        "AlarmDescription": setting.description(alarm.kind.meaning),
        "Namespace": setting.namespace, "MetricName": setting.metric,
        "Dimensions": setting.dimensions.sorted { $0.key < $1.key }
          .map { "\($0.key)=\($0.value)" }.joined(separator: "\n"),
        "Statistic": setting.statistic, "Period": String(setting.periodS),
        "EvaluationPeriods": String(setting.evaluations),
        "ComparisonOperator": setting.comparison.rawValue, "Threshold": setting.threshold,
        "TreatMissingData": setting.missing,
      ])
  }

  private func step(
    _ service: String, _ operation: String, _ words: String, _ parameters: [String: String]
  ) -> Step {
    Step(
      service: service, operation: operation, words: words, parameters: parameters,
      recovery: .setTo)
  }

  private func effects(_ alarms: [RecommendedAlarm]) -> [String] {
    var effects: [String] = []
    if alarms.contains(where: { now[AlarmBundle.field($0)] != AlarmBundle.none }) {
      effects.append(
        "Alarms of these names that are there are replaced, with all they were set to.")
    }
    if !bundle.addresses.isEmpty {
      effects.append("AWS writes to new addresses. It tells them nothing until each has confirmed.")
    }
    let left = RecommendedAlarm.allCases.filter { !bundle.alarms.contains($0) }
    if !left.isEmpty {
      effects.append(
        "Left out, for want of what they watch: "
          + left.map { $0.kind.label.lowercased() }.joined(separator: ", ") + ".")
    }
    return effects + [
      "Each alarm begins without data and is judged within its first periods.",
      "The stack does not know of these alarms: to have them in a new account too, put them into "
        + "the CDK code.",
    ]
  }
}

extension Step {
  /// Has a topic write to an address once it has confirmed.
  static func subscribe(_ address: String, to topic: String) -> Step {
    Step(
      service: "sns", operation: "Subscribe", words: "Have it write to \(address)",
      parameters: ["TopicArn": topic, "Protocol": "email", "Endpoint": address],
      recovery: .setTo)
  }
}
