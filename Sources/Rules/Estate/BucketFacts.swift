/// What was read of the media bucket.
public struct BucketFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.bucket

  /// `enabled`, `suspended` or `never`.
  public var versioning: String
  /// `AES256`, `aws:kms` or `none`.
  public var encryption: String
  /// The parts of public access that are blocked, of four.
  public var blocks: [String]
  /// Whether its policy lets anybody read.
  public var isPublic: Bool
  /// After how many days an overwritten or deleted object is gone for good; nil for never.
  public var noncurrentDays: Int64?

  /// Facts, as read.
  public init(
    versioning: String, encryption: String = "AES256", blocks: [String] = [],
    isPublic: Bool = false, noncurrentDays: Int64? = nil
  ) {
    self.versioning = versioning
    self.encryption = encryption
    self.blocks = blocks
    self.isPublic = isPublic
    self.noncurrentDays = noncurrentDays
  }
}
