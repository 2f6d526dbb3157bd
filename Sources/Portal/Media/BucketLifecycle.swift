import AWS
import Rules

extension ChangeKind {
  /// How long the media bucket keeps old versions.
  static let bucketLifecycle = ChangeKind(
    id: "s3.lifecycle", label: "How long old versions are kept",
    about: "A rule of the bucket removes old versions after some days; what it removed can't be "
      + "brought back.",
    subject: .bucket,
    form: { estate in
      [
        FormField(
          "days", "Days", .number, hint: "0 keeps them for ever.",
          value: estate[BucketFacts.self].facts.map { String($0.noncurrentDays ?? 0) } ?? "30")
      ]
    },
    plan: { means, asked in
      guard let days = Int(asked.field("days")), (0...BucketLifecycle.daysMax).contains(days)
      else { throw PlanProblem("Write 0 to \(BucketLifecycle.daysMax) days.") }
      let bucket = try await means.ids(at: asked.site).bucket
      return try BucketLifecycle.setting(
        of: bucket, rules: try await means.cloud.s3.getBucketLifecycleConfiguration(bucket),
        days: days
      ).plan(for: asked)
    },
    read: { means, plan in
      let bucket = plan.parameters["bucket"] ?? ""
      let rules = try await means.cloud.s3.getBucketLifecycleConfiguration(bucket)
      return [
        BucketLifecycle.field: BucketLifecycle.words(BucketLifecycle.days(of: rules)),
        BucketLifecycle.othersField: BucketLifecycle.others(in: rules),
      ]
    },
    perform: { means, _, step, _ in
      let bucket = step.parameters["Bucket"] ?? ""
      let rules = try await means.cloud.s3.getBucketLifecycleConfiguration(bucket)
      try await means.cloud.s3.putBucketLifecycleConfiguration(
        bucket, BucketLifecycle.with(Int(step.parameters["Days"] ?? "") ?? 0, in: rules))
      return "S3 took the rules."
    })
}

/// Sets Caretaker's own rule of the bucket, and leaves the others as they are.
enum BucketLifecycle {
  static let field = "bucket.old_versions"
  static let othersField = "bucket.other_rules"
  static let daysMax = 3_650
  /// The rule that is Caretaker's to change.
  static let ruleID = "caretaker-old-versions"

  static func setting(of bucket: String, rules: [S3.LifecycleRule], days: Int) -> Setting {
    let before = self.days(of: rules)
    // Keeping longer takes nothing away.
    let keepsLonger = days == 0 || before.map { days >= $0 } ?? false
    return Setting(
      kind: ChangeKind.bucketLifecycle.id, label: "Old versions in the media bucket", field: field,
      before: words(before), after: words(days == 0 ? nil : days),
      guarding: keepsLonger ? .logged : .guarded, lock: "s3:\(bucket)",
      parameters: ["bucket": bucket],
      step: Step(
        service: "s3", operation: "PutBucketLifecycleConfiguration",
        words: days == 0 ? "Remove the rule \(ruleID)" : "Set the rule \(ruleID)",
        parameters: ["Bucket": bucket, "Rule": ruleID, "Days": String(days)], recovery: .setTo),
      others: [Reading(othersField, "Other rules", others(in: rules))],
      effects: [
        keepsLonger
          ? "Old versions are kept longer, and paid for as storage."
          : "S3 removes older versions within a day or two. They can't be brought back.",
        Setting.driftNote,
      ],
      inverse: ["days": String(before ?? 0)])
  }

  /// After how many days Caretaker's rule removes old versions; nil without it.
  static func days(of rules: [S3.LifecycleRule]) -> Int? {
    rules.first { $0.id == ruleID && $0.isEnabled }?.noncurrentDays
  }

  static func words(_ days: Int?) -> String {
    days.map { "kept \(Span.words(days: Int64($0)))" } ?? "kept for ever"
  }

  /// The other rules, by name, as one text that changes when they do.
  static func others(in rules: [S3.LifecycleRule]) -> String {
    let names = rules.filter { $0.id != ruleID }.map(\.id).sorted()
    return names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  static func with(_ days: Int, in rules: [S3.LifecycleRule]) -> [S3.LifecycleRule] {
    let others = rules.filter { $0.id != ruleID }
    return days == 0 ? others : others + [S3.LifecycleRule(id: ruleID, noncurrentDays: days)]
  }
}
