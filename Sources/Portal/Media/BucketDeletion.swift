import AWS
import Rules

extension ChangeKind {
  /// The end of the media bucket, once it is empty.
  static let bucketDeletion = ChangeKind(
    id: "s3.delete", label: "Delete the bucket",
    about: "S3 deletes a bucket only when nothing is in it, no old version either. It can’t be put "
      + "back, so it needs two other people, or one and a day’s rest in a team of two.",
    subject: .bucket, form: { _ in [] },
    plan: { means, asked in
      let bucket = try await means.ids(at: asked.site).bucket
      return try BucketDeletion.plan(
        of: bucket, isEmpty: try await means.cloud.isEmpty(bucket: bucket), for: asked)
    },
    read: { means, plan in
      let bucket = plan.parameters["bucket"] ?? ""
      guard try await means.cloud.s3.bucketExists(bucket) else {
        return [BucketDeletion.field: "deleted"]
      }
      let isEmpty = try await means.cloud.isEmpty(bucket: bucket)
      return [BucketDeletion.field: isEmpty ? "empty" : "holds objects"]
    },
    perform: { means, _, step, _ in
      try await means.cloud.s3.deleteBucket(step.parameters["Bucket"] ?? "")
      return "S3 deleted it."
    })
}

/// Plans the deletion of the media bucket.
enum BucketDeletion {
  static let field = "bucket.contents"

  static func plan(of bucket: String, isEmpty: Bool, for asked: Asked) throws -> Plan {
    guard isEmpty else {
      throw PlanProblem(
        "The bucket \(bucket) holds objects or old versions, which are the blog's images. Move "
          + "them elsewhere first; S3 deletes an empty bucket alone.")
    }
    return Plan(
      change: asked.change, kind: ChangeKind.bucketDeletion.id, site: asked.site.name,
      title: "Delete the bucket \(bucket)", guarding: .irreversible,
      parameters: ["bucket": bucket], locks: ["s3:\(bucket)"],
      preconditions: [Reading(field, "Contents", "empty")],
      steps: [
        Step(
          service: "s3", operation: "DeleteBucket", words: "Delete the bucket",
          parameters: ["Bucket": bucket], recovery: .setTo)
      ],
      expected: [Reading(field, "Contents", "deleted")], failure: [],
      verifyWithinMs: Setting.verifyWithinMs,
      effects: [
        "Ghost can't upload images any more.",
        "Somebody else may take the name; another bucket of this name may then be theirs.",
        "The stack does not know of this: the next infra-deploy fails, or makes an empty bucket.",
      ], cost: .none, typedName: bucket)
  }
}

extension Cloud {
  /// Whether a bucket holds nothing: no object, no old version, no delete marker.
  func isEmpty(bucket: String) async throws -> Bool {
    try await s3.listObjectVersions(bucket, prefix: "", limit: 1).versions.isEmpty
  }
}
