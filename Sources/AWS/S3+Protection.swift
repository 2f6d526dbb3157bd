extension S3 {
  /// How new objects are encrypted.
  public struct Encryption: Sendable, Equatable {
    /// `AES256`, `aws:kms` or `aws:kms:dsse`.
    public let algorithm: String
    /// The key; nil for S3's own or the account's default.
    public let kmsKeyID: String?
  }

  /// What keeps a bucket from becoming public, as its own setting; the account may have another.
  public struct PublicAccessBlock: Sendable, Equatable {
    /// Whether access lists that make something public are refused.
    public let blocksPublicACLs: Bool
    /// Whether such lists are without effect.
    public let ignoresPublicACLs: Bool
    /// Whether a policy that makes something public is refused.
    public let blocksPublicPolicies: Bool
    /// Whether such a policy lets in only the account itself and AWS's services.
    public let restrictsPublicPolicies: Bool

    /// A bucket without the setting.
    static let none = PublicAccessBlock(
      blocksPublicACLs: false, ignoresPublicACLs: false, blocksPublicPolicies: false,
      restrictsPublicPolicies: false)
  }

  /// Whom a bucket's policy lets in.
  public enum PolicyStatus: Sendable, Equatable {
    /// There is no policy.
    case none
    /// Not everybody.
    case restricted
    /// Everybody, by AWS's judgement.
    case everybody
  }

  /// GetBucketEncryption (Amazon S3 API Reference); nil without a setting.
  public func getBucketEncryption(_ bucket: String) async throws(AWSError) -> Encryption? {
    let operation = Operation.read(
      .s3, "GetBucketEncryption", action: "GetEncryptionConfiguration")
    let root = try await configuration(
      "ServerSideEncryptionConfiguration", request(operation, bucket, query: "encryption="),
      bucket: bucket, noneByCode: "ServerSideEncryptionConfigurationNotFoundError")
    guard let rule = root?["Rule"]?["ApplyServerSideEncryptionByDefault"] else { return nil }
    return Encryption(
      algorithm: try client.text("SSEAlgorithm", of: rule, operation),
      kmsKeyID: rule.text("KMSMasterKeyID"))
  }

  /// GetPublicAccessBlock (Amazon S3 API Reference), of a bucket. A bucket without the setting
  /// blocks nothing.
  public func getPublicAccessBlock(
    _ bucket: String
  ) async throws(AWSError) -> PublicAccessBlock {
    let operation = Operation.read(
      .s3, "GetPublicAccessBlock", action: "GetBucketPublicAccessBlock")
    let root = try await configuration(
      "PublicAccessBlockConfiguration", request(operation, bucket, query: "publicAccessBlock="),
      bucket: bucket, noneByCode: "NoSuchPublicAccessBlockConfiguration")
    guard let root else { return .none }
    return PublicAccessBlock(
      blocksPublicACLs: try client.bool("BlockPublicAcls", of: root, operation),
      ignoresPublicACLs: try client.bool("IgnorePublicAcls", of: root, operation),
      blocksPublicPolicies: try client.bool("BlockPublicPolicy", of: root, operation),
      restrictsPublicPolicies: try client.bool("RestrictPublicBuckets", of: root, operation))
  }

  /// GetBucketPolicyStatus (Amazon S3 API Reference).
  public func getBucketPolicyStatus(_ bucket: String) async throws(AWSError) -> PolicyStatus {
    let operation = Operation.read(.s3, "GetBucketPolicyStatus")
    let root = try await configuration(
      "PolicyStatus", request(operation, bucket, query: "policyStatus="), bucket: bucket,
      noneByCode: "NoSuchBucketPolicy")
    guard let root else { return .none }
    return try client.bool("IsPublic", of: root, operation) ? .everybody : .restricted
  }
}
