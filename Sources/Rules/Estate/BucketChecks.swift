extension Check {
  /// What the media bucket is held to.
  static let bucket: [Check] = [
    Check(
      "s3.versioning", of: BucketFacts.self, .danger, expects: "Versioning is on",
      why: "An image deleted or overwritten by mistake is gone for good."
    ) { facts, _ in
      .met(
        facts.versioning == "enabled", "Versioning is on.",
        else: facts.versioning == "suspended" ? "Versioning is suspended." : "Versioning is off.",
        remedy: "Turn on versioning.", mend: Mend("s3.versioning", ["versioning": "on"]))
    },
    Check(
      "s3.encryption", of: BucketFacts.self, .attention, expects: "New objects are encrypted",
      why: "Since 2023 AWS encrypts every new bucket; one that does not was changed by hand."
    ) { facts, _ in
      .met(
        facts.encryption != "none", "New objects are encrypted (\(facts.encryption)).",
        else: "New objects are not encrypted.",
        remedy: "Set encryption: S3_MANAGED on the bucket in the CDK code.")
    },
    Check(
      "s3.undo-days", of: BucketFacts.self, .attention,
      expects: "What is deleted can be brought back for a week",
      why: "A lifecycle rule that removes old versions early takes the way back with them."
    ) { facts, _ in
      guard facts.versioning == "enabled" else { return nil }
      guard let days = facts.noncurrentDays else {
        return .pass("Old versions are kept for ever.")
      }
      return .met(
        days >= Expectation.backupRetentionDays,
        "Old versions are kept \(Span.words(days: days)).",
        else: "Old versions are kept only \(Span.words(days: days)).",
        remedy: "Keep them 30 days.", mend: Mend("s3.lifecycle", ["days": "30"]))
    },
  ]
}
