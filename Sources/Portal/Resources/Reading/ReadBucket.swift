import AWS
import Rules

// What S3's answers mean as facts.

extension Cloud {
  /// The media bucket.
  func bucketFacts(_ name: String) async throws -> BucketFacts {
    async let versioning = s3.getBucketVersioning(name)
    async let encryption = s3.getBucketEncryption(name)
    async let block = s3.getPublicAccessBlock(name)
    async let policy = s3.getBucketPolicyStatus(name)
    async let rules = s3.getBucketLifecycleConfiguration(name)
    return BucketFacts(
      versioning: try await versioning.word,
      encryption: try await encryption?.algorithm ?? "none",
      blocks: try await block.words, isPublic: try await policy == .everybody,
      noncurrentDays: try await rules.filter(\.isEnabled).compactMap(\.noncurrentDays).min()
        .map(Int64.init))
  }
}

extension S3.Versioning {
  /// The state in facts.
  var word: String {
    switch self {
    case .enabled: "enabled"
    case .suspended: "suspended"
    case .never: "never"
    }
  }
}

extension S3.PublicAccessBlock {
  /// The parts that are blocked.
  fileprivate var words: [String] {
    [
      (blocksPublicACLs, "new public ACLs"), (ignoresPublicACLs, "public ACLs"),
      (blocksPublicPolicies, "new public policies"),
      (restrictsPublicPolicies, "access by public policies"),
    ].filter(\.0).map(\.1)
  }
}
