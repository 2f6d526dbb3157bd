/// What was read of the image repository.
public struct ImageFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.images

  /// The repository's name.
  public var repository: String
  /// What images are named by, `123456789012.dkr.ecr.us-west-2.amazonaws.com/ghost`.
  public var uri: String
  /// `MUTABLE`, `IMMUTABLE` or one of them with exclusions.
  public var mutability: String
  /// Wildcards of the tags for which the opposite holds.
  public var exclusions: [String]
  /// Whether images are scanned when they are pushed.
  public var scansOnPush: Bool
  /// The images, newest first.
  public var images: [ImageSummary]
  /// The rules by which images go, in the order in which ECR applies them.
  public var lifecycle: [LifecycleRule]
  /// The commits that images are built from, newest first, as GitHub tells them.
  public var commits: [ImageCommit]
  /// Why no commit could be read; nil where they were.
  public var commitsProblem: String?

  /// Facts, as read.
  public init(
    repository: String, uri: String = "", mutability: String, exclusions: [String] = [],
    scansOnPush: Bool, images: [ImageSummary], lifecycle: [LifecycleRule] = [],
    commits: [ImageCommit] = [], commitsProblem: String? = nil
  ) {
    self.repository = repository
    self.uri = uri
    self.mutability = mutability
    self.exclusions = exclusions
    self.scansOnPush = scansOnPush
    self.images = images
    self.lifecycle = lifecycle
    self.commits = commits
    self.commitsProblem = commitsProblem
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

/// A commit that an image is built from.
public struct ImageCommit: Codable, Hashable, Sendable {
  /// Its whole SHA.
  public var sha: String
  /// The first line of its message.
  public var subject: String
  /// Who wrote it.
  public var author: String
  /// Its page.
  public var url: String

  /// A commit.
  public init(sha: String, subject: String, author: String, url: String) {
    self.sha = sha
    self.subject = subject
    self.author = author
    self.url = url
  }
}

extension ImageSummary {
  /// The version of Ghost in it, from a tag such as `v5.87.1-3`; nil when no tag tells.
  public var ghost: GhostVersion? { tags.lazy.compactMap(GhostVersion.init(tag:)).first }

  /// The commit it was built from: a tag that is a SHA; nil without one.
  public var commit: String? {
    tags.first { $0.utf8.count == 40 && $0.utf8.allSatisfy(\.isLowercaseHex) }
  }

  /// What people call it: the tag with a version, another that is no SHA, or the digest's start.
  public var name: String {
    tags.first { GhostVersion(tag: $0) != nil } ?? tags.first { $0 != commit && $0 != "latest" }
      ?? String(digest.prefix(Self.digestLength))
  }

  /// How much of a digest people read, `sha256:` included.
  public static let digestLength = 19
}

extension ImageFacts {
  /// The image with this digest; nil when the repository does not hold it.
  public func image(_ digest: String) -> ImageSummary? { images.first { $0.digest == digest } }

  /// The digest behind the name of an image, `ghost:v5` or `ghost@sha256:…`; nil without one.
  public func digest(of name: String) -> String? {
    if let digest = name.split(separator: "@").dropFirst().first { return String(digest) }
    guard let tag = name.split(separator: ":").last.map(String.init) else { return nil }
    return images.first { $0.tags.contains(tag) }?.digest
  }

  /// Whether a tag can be moved to another image.
  public func canMove(_ tag: String) -> Bool {
    let isExcluded = exclusions.contains { Wildcard.matches(tag, $0) }
    return mutability.hasPrefix("IMMUTABLE") ? isExcluded : !isExcluded
  }

  /// The run that built an image: by its commit, or by a tag in the run's title near the push; nil
  /// when none is known. A later run with the same tag built nothing.
  public func run(of image: ImageSummary, in runs: [RunSummary]) -> RunSummary? {
    let built = runs.filter { run in
      if let commit = image.commit { return run.commit == commit }
      guard let pushed = image.pushedAt,
        pushed.since(run.createdAt).magnitude <= UInt64(Self.buildWithinMs)
      else { return false }
      return !Set(run.title.split(separator: " ").map(String.init)).isDisjoint(with: image.tags)
    }
    return built.filter { $0.conclusion == "success" }.min { $0.createdAt < $1.createdAt }
  }

  /// How far a push may be from the start of the run that made it.
  private static let buildWithinMs = 6 * Span.hour
}
