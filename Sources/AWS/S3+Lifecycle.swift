extension S3 {
  /// A rule by which S3 deletes objects on its own. Without days, a rule leaves that kind alone.
  public struct LifecycleRule: Sendable, Equatable {
    /// The rule's name, up to 255 characters, once in a bucket.
    public var id: String
    /// Whether it is followed.
    public var isEnabled: Bool
    /// What the keys it is for begin with; empty for all.
    public var prefix: String
    /// After how many days an object is deleted, or with versioning gets a delete marker.
    public var expirationDays: Int?
    /// After how many days a version that is not the latest is deleted for ever.
    public var noncurrentDays: Int?
    /// After how many days an upload that was never completed is given up.
    public var abortMultipartDays: Int?
    /// Whether the rule says more than is here, such as tags, sizes, dates or storage classes. It
    /// can't be put back: it would do more than it did.
    public let saysMore: Bool

    /// A rule that says no more than this.
    public init(
      id: String, isEnabled: Bool = true, prefix: String = "", expirationDays: Int? = nil,
      noncurrentDays: Int? = nil, abortMultipartDays: Int? = nil
    ) {
      self.id = id
      self.isEnabled = isEnabled
      self.prefix = prefix
      self.expirationDays = expirationDays
      self.noncurrentDays = noncurrentDays
      self.abortMultipartDays = abortMultipartDays
      saysMore = false
    }

    /// A rule as S3 writes it.
    init(_ rule: XMLElement) {
      func days(_ part: String, _ name: String) -> Int? {
        rule[part]?.text(name).flatMap { Int($0) }
      }
      id = rule.text("ID") ?? ""
      isEnabled = rule.text("Status") == "Enabled"
      // Rules of before 2016 have their prefix outside of a filter.
      prefix = rule["Filter"]?.text("Prefix") ?? rule.text("Prefix") ?? ""
      expirationDays = days("Expiration", "Days")
      noncurrentDays = days("NoncurrentVersionExpiration", "NoncurrentDays")
      abortMultipartDays = days("AbortIncompleteMultipartUpload", "DaysAfterInitiation")
      saysMore = rule.children.contains { part in
        guard let known = Self.known[part.name] else { return true }
        return part.children.contains { $0.name != known }
      }
    }

    /// The parts of a rule that are read, each with the one member that is.
    private static let known = [
      "ID": "", "Status": "", "Prefix": "", "Filter": "Prefix", "Expiration": "Days",
      "NoncurrentVersionExpiration": "NoncurrentDays",
      "AbortIncompleteMultipartUpload": "DaysAfterInitiation",
    ]

    fileprivate var xml: String {
      func days(_ part: String, _ name: String, _ days: Int?) -> String {
        days.map { "<\(part)><\(name)>\($0)</\(name)></\(part)>" } ?? ""
      }
      return "<Rule><ID>\(XMLElement.escape(id))</ID>"
        + "<Filter><Prefix>\(XMLElement.escape(prefix))</Prefix></Filter>"
        + "<Status>\(isEnabled ? "Enabled" : "Disabled")</Status>"
        + days("Expiration", "Days", expirationDays)
        + days("NoncurrentVersionExpiration", "NoncurrentDays", noncurrentDays)
        + days("AbortIncompleteMultipartUpload", "DaysAfterInitiation", abortMultipartDays)
        + "</Rule>"
    }
  }

  /// GetBucketLifecycleConfiguration (Amazon S3 API Reference). A bucket without one has no rules.
  public func getBucketLifecycleConfiguration(
    _ bucket: String
  ) async throws(AWSError) -> [LifecycleRule] {
    let operation = Operation.read(
      .s3, "GetBucketLifecycleConfiguration", action: "GetLifecycleConfiguration")
    let root = try await configuration(
      "LifecycleConfiguration", request(operation, bucket, query: "lifecycle="), bucket: bucket,
      noneByCode: "NoSuchLifecycleConfiguration")
    return (root?.children ?? []).filter { $0.name == "Rule" }.map { LifecycleRule($0) }
  }

  /// PutBucketLifecycleConfiguration, or DeleteBucketLifecycle for no rules (Amazon S3 API
  /// Reference): these rules in place of all there are.
  /// - Throws: ``AWSError`` with reason `misconfigured` for a rule that says more than is here.
  public func putBucketLifecycleConfiguration(
    _ bucket: String, _ rules: [LifecycleRule]
  ) async throws(AWSError) {
    guard !rules.isEmpty else {
      var request = request(
        .write(.s3, "DeleteBucketLifecycle", action: "PutLifecycleConfiguration"), bucket,
        query: "lifecycle=")
      request.method = "DELETE"
      _ = try await answer(to: request, bucket: bucket)
      return
    }
    let operation = Operation.write(
      .s3, "PutBucketLifecycleConfiguration", action: "PutLifecycleConfiguration")
    if let rule = rules.first(where: \.saysMore) {
      throw client.failure(
        .misconfigured(
          "the bucket's rule “\(rule.id)” says more than Caretaker can write. "
            + "Change it where it comes from."), operation)
    }
    try await put(
      "<LifecycleConfiguration xmlns=\"\(Self.namespace)\">"
        + rules.map(\.xml).joined() + "</LifecycleConfiguration>",
      request(operation, bucket, query: "lifecycle="), bucket: bucket)
  }
}
