import AWS
import Foundation
import Rules

extension Cloud {
  /// Every field of a bundle as it is now.
  func readings(of bundle: AlarmBundle) async throws -> [String: String] {
    async let topic = topicReadings(bundle)
    async let alarms = cloudWatch.describeAlarms()
    async let rule = ruleReading(bundle)
    var fields = try await topic
    let known = Dictionary(try await alarms.map { ($0.name, $0) }) { first, _ in first }
    for alarm in bundle.alarms {
      let found = known[bundle.name(alarm)]
      fields[AlarmBundle.field(alarm)] =
        found.map { found in
          AlarmBundle.words(
            AlarmSetting(found)?.words ?? "an expression",
            tells: found.areActionsEnabled && found.actions.contains(bundle.topic))
        } ?? AlarmBundle.none
    }
    fields[AlarmBundle.ruleField] = try await rule
    return fields
  }

  private func topicReadings(_ bundle: AlarmBundle) async throws -> [String: String] {
    var fields = Dictionary(
      uniqueKeysWithValues: bundle.addresses.map {
        (AlarmBundle.field(subscriber: $0), AlarmBundle.none)
      })
    guard let policy = try await sns.policy(of: bundle.topic) else {
      fields[AlarmBundle.topicField] = AlarmBundle.none
      return fields
    }
    fields[AlarmBundle.topicField] =
      AlarmBundle.publishers.allSatisfy { policy.contains($0) }
      ? AlarmBundle.ready : "there, not for alarms and events"
    for subscription in try await sns.listSubscriptions(of: bundle.topic) {
      let field = AlarmBundle.field(subscriber: subscription.endpoint)
      if fields[field] != nil { fields[field] = AlarmBundle.told }
    }
    return fields
  }

  private func ruleReading(_ bundle: AlarmBundle) async throws -> String {
    guard let rule = try await events.describeRule(bundle.ruleName) else {
      return AlarmBundle.none
    }
    let targets = try await events.listTargets(of: bundle.ruleName)
    if !rule.isEnabled { return "off" }
    guard rule.pattern == bundle.pattern else { return "for other events" }
    return targets.contains(bundle.topic) ? AlarmBundle.on : "on, and tells somebody else"
  }

  /// Makes the call of one step.
  func setAlarm(_ step: Step) async throws -> String {
    func text(_ name: String) -> String { step.parameters[name] ?? "" }
    switch step.operation {
    case "CreateTopic":
      let made = try await sns.createTopic(text("Name"))
      guard made == text("TopicArn") else {
        throw PlanProblem("SNS made the topic \(made), which is not the planned one.")
      }
      return made
    case "SetTopicAttributes": try await sns.setPolicy(text("Policy"), of: text("TopicArn"))
    case "Subscribe":
      try await sns.subscribe(text("Endpoint"), by: text("Protocol"), to: text("TopicArn"))
    case "PutMetricAlarm": try await cloudWatch.putMetricAlarm(CloudWatch.NewAlarm(step))
    case "PutRule":
      try await events.putRule(
        text("Name"), description: "Set by Caretaker.", pattern: text("EventPattern"))
    default: try await events.putTarget(text("Arn"), id: "alarms", of: text("Rule"))
    }
    return "AWS took it."
  }
}

extension CloudWatch.NewAlarm {
  /// The alarm of a step.
  fileprivate init(_ step: Step) {
    func text(_ name: String) -> String { step.parameters[name] ?? "" }
    let dimensions = text("Dimensions").split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
    self.init(
      name: text("AlarmName"), description: text("AlarmDescription"),
      namespace: text("Namespace"), metric: text("MetricName"),
      dimensions: Dictionary(dimensions) { first, _ in first }, statistic: text("Statistic"),
      periodS: Int64(text("Period")) ?? 0, evaluations: Int64(text("EvaluationPeriods")) ?? 0,
      comparison: text("ComparisonOperator"), threshold: text("Threshold"),
      missing: text("TreatMissingData"), topic: text("AlarmActions"))
  }
}

extension Means {
  /// The bundle that a form asks for at its site.
  func alarmBundle(_ asked: Asked) async throws -> AlarmBundle {
    let (ids, certificates) = try await storage.read { [site = asked.site.name] db in
      (
        try SiteIDs(site: site, in: db),
        try ObservationStore.facts(CertificateFacts.self, site: site, in: db)?.facts
      )
    }
    let service = try ids.service
    var names: [RecommendedAlarm.Name: String] = [
      .cluster: service.cluster, .service: service.name, .database: try ids.database,
      .balancer: try ids.balancerName,
    ]
    names[.targetGroup] = try ids.all("AWS::ElasticLoadBalancingV2::TargetGroup").first
      .map(SiteIDs.name)
    names[.certificate] = certificates?.certificates.first(where: \.isInUse)?.arn
    return try AlarmBundle(asked, names: names, account: try await cloud.sts.getCallerIdentity())
  }

  /// What so many alarms more cost.
  func alarmCost(from before: Int, to after: Int) async throws -> Cost {
    let prices = try await prices(of: [.alarm])
    let rate = prices[.alarm]?.rate
    return Cost(
      lines: [
        CostLine(
          label: "Alarms\(rate.map { ", \($0.formatted) a month each" } ?? "")", unit: "alarm-hour",
          rateBefore: rate?.hourOfMonth, rateAfter: rate?.hourOfMonth,
          milliUnitsBefore: Int64(before) * 1_000, milliUnitsAfter: Int64(after) * 1_000)
      ],
      priceDate: prices.published, source: prices.source, bookDate: prices.bookDate,
      leftOut: [
        "The first ten alarms of an account, which are free.",
        "Mail by SNS beyond the first thousand a month, and taxes.",
      ])
  }
}
