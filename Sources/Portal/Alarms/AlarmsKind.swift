import AWS
import Rules

extension ChangeKind {
  /// The recommended alarms, the topic they tell, and who is told.
  static let alarms = ChangeKind(
    id: "cloudwatch.alarms", label: "Recommended alarms",
    about: "Sets the alarms a Ghost site should have, a topic of SNS that they tell, and a rule "
      + "that tells of tasks that fail. What is so already stays as it is.",
    subject: .alarms,
    form: { estate in
      let known = estate[AlarmFacts.self].facts?.alarms ?? []
      return [
        FormField(
          "addresses", "Who is told by mail", .area,
          hint: "One address a line. AWS writes to each, and tells it once the link in that mail "
            + "is pressed. Leave it empty to tell nobody else than now.")
      ]
        + RecommendedAlarm.allCases.map { alarm in
          FormField(
            alarm.rawValue, "\(alarm.kind.label), in \(alarm.kind.unit)", .text,
            hint: alarm.kind.meaning,
            value: AlarmSetting.decimal(milli: alarm.shown(in: known, estate)))
        }
    },
    plan: { means, asked in
      let bundle = try await means.alarmBundle(asked)
      let now = try await means.cloud.readings(of: bundle)
      let before = bundle.alarms.count { now[AlarmBundle.field($0)] != AlarmBundle.none }
      let cost = try await means.alarmCost(from: before, to: bundle.alarms.count)
      return try AlarmsPlan(bundle: bundle, now: now).plan(for: asked, cost: cost)
    },
    read: { means, plan in try await means.cloud.readings(of: AlarmBundle(of: plan)) },
    price: { means, plan in
      let bundle = AlarmBundle(of: plan)
      let before = bundle.alarms.count {
        plan.before(AlarmBundle.field($0)) != AlarmBundle.none
      }
      return try await means.alarmCost(from: before, to: bundle.alarms.count)
    },
    perform: { means, _, step, _ in try await means.cloud.setAlarm(step) })
}

extension RecommendedAlarm {
  /// The threshold its form begins with, in thousandths of its unit: as it is set now, or as usual.
  fileprivate func shown(in alarms: [AlarmSummary], _ estate: Estate) -> Int64 {
    let set = alarms.first { $0.name.hasSuffix("-\(rawValue)") && $0.declared != nil }?.setting
    if let set, set.metric == kind.metric {
      let (scaled, overflow) = set.thresholdMilli.multipliedReportingOverflow(by: 1_000)
      if !overflow { return scaled / kind.unitMilli }
    }
    if self == .tasks, let desired = estate[ServiceFacts.self].facts?.desired {
      return min(max(desired, 0), ServiceCount.countMax) * 1_000
    }
    return kind.usualMilli
  }
}
