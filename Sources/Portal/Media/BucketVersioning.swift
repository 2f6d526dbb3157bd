import AWS
import Rules

extension ChangeKind {
  /// Whether the media bucket keeps what is overwritten or deleted.
  static let bucketVersioning = ChangeKind(
    id: "s3.versioning", label: "Versioning",
    about: "With versioning, what is overwritten or deleted can be brought back.",
    subject: .bucket,
    form: { estate in
      [
        .toggle(
          "versioning", "Versioning",
          isOn: estate[BucketFacts.self].facts?.versioning == "enabled")
      ]
    },
    plan: { means, asked in
      let bucket = try await means.ids(at: asked.site).bucket
      return try await BucketVersioning.setting(
        of: bucket, from: means.cloud.s3.getBucketVersioning(bucket),
        isOn: asked.isOn("versioning")
      ).plan(for: asked)
    },
    read: { means, plan in
      let bucket = plan.parameters["bucket"] ?? ""
      return [BucketVersioning.field: try await means.cloud.s3.getBucketVersioning(bucket).words]
    },
    perform: { means, _, step, _ in
      let isOn = step.parameters["Status"] == "Enabled"
      try await means.cloud.s3.putBucketVersioning(step.parameters["Bucket"] ?? "", enabled: isOn)
      return "S3 took it."
    })
}

/// Turns versioning on, or suspends it: once on, it can't be off as if it never was.
enum BucketVersioning {
  static let field = "bucket.versioning"

  static func setting(of bucket: String, from before: S3.Versioning, isOn: Bool) -> Setting {
    Setting(
      kind: ChangeKind.bucketVersioning.id, label: "Versioning of the media bucket", field: field,
      before: before.words, after: isOn || before != .never ? (isOn ? "on" : "suspended") : "off",
      guarding: isOn ? .logged : .guarded, lock: "s3:\(bucket)", parameters: ["bucket": bucket],
      step: Step(
        service: "s3", operation: "PutBucketVersioning",
        words: isOn ? "Turn versioning on" : "Suspend versioning",
        parameters: ["Bucket": bucket, "Status": isOn ? "Enabled" : "Suspended"],
        recovery: .setTo),
      effects: (isOn
        ? [
          "From then on every overwritten or deleted image is kept, and paid for as storage, until "
            + "a lifecycle rule removes it.",
          "It can be suspended later, never turned off as if it had not been.",
        ]
        : [
          "From then on an image that is overwritten or deleted is gone for good. What was kept so "
            + "far stays."
        ]) + [Setting.driftNote],
      inverse: ["versioning": isOn ? "off" : "on"])
  }
}

extension S3.Versioning {
  /// The state in words.
  var words: String {
    switch self {
    case .enabled: "on"
    case .suspended: "suspended"
    case .never: "off"
    }
  }
}

extension Means {
  /// The ids of what a site's stack holds, as last listed.
  func ids(at site: Site) async throws -> SiteIDs {
    try await storage.read { try SiteIDs(site: site.name, in: $0) }
  }
}
