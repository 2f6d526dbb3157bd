import AWS
import Rules

extension ChangeKind {
  /// How long log lines are kept.
  static let logRetention = ChangeKind(
    id: "logs.retention", label: "How long lines are kept",
    about: "CloudWatch removes lines when they are older. What it removed can’t be brought back.",
    subject: .logs,
    form: { estate in
      [
        FormField(
          "days", "Keep lines for", .choice(LogRetention.choices),
          value: estate[LogFacts.self].facts.map { String($0.retentionDays ?? 0) } ?? "90")
      ]
    },
    plan: { means, asked in
      guard let days = Int(asked.field("days")), days == 0 || LogRetention.all.contains(days)
      else { throw PlanProblem("Choose one of the listed times: CloudWatch has no others.") }
      let group = try await means.ids(at: asked.site).logGroup
      let before = try await means.cloud.logs.describeLogGroup(group).retentionInDays
      return try LogRetention.setting(of: group, from: before ?? 0, to: days).plan(for: asked)
    },
    read: { means, plan in
      let group = try await means.cloud.logs.describeLogGroup(plan.parameters["group"] ?? "")
      return [LogRetention.field: LogRetention.words(group.retentionInDays ?? 0)]
    },
    perform: { means, _, step, _ in
      let group = step.parameters["logGroupName"] ?? ""
      if let days = step.parameters["retentionInDays"].flatMap({ Int($0) }) {
        try await means.cloud.logs.putRetentionPolicy(group, days: days)
      } else {
        try await means.cloud.logs.deleteRetentionPolicy(group)
      }
      return "CloudWatch took it."
    })
}

/// Sets how long the log group keeps its lines.
enum LogRetention {
  static let field = "logs.retention"

  /// The times CloudWatch has, in days (PutRetentionPolicy, Amazon CloudWatch Logs API Reference).
  static let all = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557,
    2_922, 3_288, 3_653,
  ]

  static var choices: [(value: String, label: String)] {
    all.map { (String($0), Span.words(days: Int64($0))) } + [("0", "for ever")]
  }

  static func words(_ days: Int) -> String {
    days == 0 ? "for ever" : Span.words(days: Int64(days))
  }

  /// - Parameters: days, 0 for ever.
  static func setting(of group: String, from before: Int, to after: Int) -> Setting {
    let keepsLonger = after == 0 || before != 0 && after > before
    var parameters = ["logGroupName": group]
    if after > 0 { parameters["retentionInDays"] = String(after) }
    return Setting(
      kind: ChangeKind.logRetention.id, label: "Log lines are kept", field: field,
      before: words(before), after: words(after), guarding: keepsLonger ? .logged : .guarded,
      lock: "logs:\(group)", parameters: ["group": group],
      step: Step(
        service: "logs",
        operation: after == 0 ? "DeleteRetentionPolicy" : "PutRetentionPolicy",
        words: "Keep lines \(words(after))", parameters: parameters, recovery: .setTo),
      effects: [
        keepsLonger
          ? "Lines are kept longer, and paid for as storage."
          : "CloudWatch removes older lines within three days. They can't be brought back.",
        Setting.driftNote,
      ],
      inverse: ["days": String(before)])
  }
}
