/// What was read of the image repository.
public struct ImageFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.images

  /// The repository's name.
  public var repository: String
  /// `MUTABLE`, `IMMUTABLE` or one of them with exclusions.
  public var mutability: String
  /// Whether images are scanned when they are pushed.
  public var scansOnPush: Bool
  /// The images, newest first.
  public var images: [ImageSummary]

  /// Facts, as read.
  public init(repository: String, mutability: String, scansOnPush: Bool, images: [ImageSummary]) {
    self.repository = repository
    self.mutability = mutability
    self.scansOnPush = scansOnPush
    self.images = images
  }
}

/// One image.
public struct ImageSummary: Codable, Hashable, Sendable {
  /// `sha256:…`.
  public var digest: String
  /// Its tags.
  public var tags: [String]
  /// When it was pushed.
  public var pushedAt: Moment?
  /// Its size.
  public var bytes: Int64
  /// `ACTIVE`, `ARCHIVED` or `ACTIVATING`.
  public var status: String

  /// An image.
  public init(digest: String, tags: [String], pushedAt: Moment?, bytes: Int64, status: String) {
    self.digest = digest
    self.tags = tags
    self.pushedAt = pushedAt
    self.bytes = bytes
    self.status = status
  }
}
