/// Whether the service can go back to an image now.
public struct RollbackReadiness: Hashable, Sendable {
  /// What stands in the way, the gravest first; empty when nothing does.
  public let obstacles: [Obstacle]

  /// One thing that stands in the way.
  public enum Obstacle: Hashable, Sendable {
    /// The repository does not hold it any more.
    case gone
    /// It is archived, or on its way back from the archive.
    case archived(isComing: Bool)
    /// A rollout goes on.
    case rolloutUnderWay
    /// Ghost starts, and may be migrating the database.
    case ghostStarts
    /// What it rests on could not be read.
    case notRead(String)
    /// The database has the form of a newer Ghost.
    case schemaIsNewer(than: GhostVersion, running: GhostVersion)
    /// It would bring the database into a newer form.
    case migrates(to: GhostVersion, running: GhostVersion)
    /// No tag tells which Ghost it is, or it is not known which runs.
    case versionUnknown
    /// A lifecycle rule takes it soon.
    case expires(String)
    /// Every revision that names it was deregistered.
    case revisionsInactive([String])
  }

  /// Whether nothing stands in the way.
  public var isReady: Bool { obstacles.isEmpty }
  /// What rules it out, whatever people decide; nil when nothing does.
  public var prohibition: Obstacle? { obstacles.first(where: \.isProhibition) }
  /// Whether the database may change its form, so that a fresh backup has to be there.
  public var needsBackup: Bool { obstacles.contains(where: \.isCrossing) }

  /// What is known of an image, at a moment.
  /// - Parameter digest: The image's, whether or not the repository still holds it.
  public init(of digest: String, in estate: Estate) {
    switch estate[ImageFacts.self] {
    case .read(let images): obstacles = Self.obstacles(to: digest, of: images, in: estate)
    case .failed(let sentence): obstacles = [.notRead(sentence)]
    case .never: obstacles = [.notRead("The images have not been read yet.")]
    }
  }

  private static func obstacles(
    to digest: String, of images: ImageFacts, in estate: Estate
  ) -> [Obstacle] {
    guard let image = images.image(digest) else { return [.gone] + moment(estate) }
    var obstacles: [Obstacle] =
      image.status == "ACTIVE" ? [] : [.archived(isComing: image.status == "ACTIVATING")]
    obstacles += moment(estate) + crossing(to: image.ghost, from: estate.runningGhost)
    if let words = images.expiry(of: image, at: estate.now) { obstacles.append(.expires(words)) }
    let naming = (estate[RolloutFacts.self].facts?.revisions ?? []).filter {
      images.digest(of: $0.image) == digest
    }
    if !naming.isEmpty, !naming.contains(where: \.isActive) {
      obstacles.append(.revisionsInactive(naming.map(\.name)))
    }
    return obstacles
  }

  /// What stands in the way of any image now.
  private static func moment(_ estate: Estate) -> [Obstacle] {
    var obstacles: [Obstacle] = []
    switch estate[RolloutFacts.self] {
    case .read(let facts) where facts.underWay != nil: obstacles.append(.rolloutUnderWay)
    case .failed(let sentence): obstacles.append(.notRead(sentence))
    case .never: obstacles.append(.notRead("The rollouts have not been read yet."))
    case .read: break
    }
    if estate[BlogFacts.self].facts?.isStarting == true { obstacles.append(.ghostStarts) }
    return obstacles
  }

  private static func crossing(to target: GhostVersion?, from now: GhostVersion?) -> [Obstacle] {
    guard let target, let now else { return [.versionUnknown] }
    guard now.crosses(to: target) else { return [] }
    return [
      target < now
        ? .schemaIsNewer(than: target, running: now) : .migrates(to: target, running: now)
    ]
  }
}

extension RollbackReadiness.Obstacle {
  /// Whether nothing can be done about it but wait, or get the image back.
  var isProhibition: Bool {
    switch self {
    case .gone, .archived, .rolloutUnderWay, .ghostStarts, .notRead: true
    case .schemaIsNewer, .migrates, .versionUnknown, .expires, .revisionsInactive: false
    }
  }

  /// Whether the database may get another form, or have the wrong one.
  var isCrossing: Bool {
    switch self {
    case .schemaIsNewer, .migrates, .versionUnknown: true
    default: false
    }
  }

  /// How it is and what to do, in sentences.
  public var words: String {
    switch self {
    case .gone: "The repository does not hold it any more. Build it again from its commit."
    case .archived(let isComing):
      isComing
        ? "It is on its way back from the archive. That takes ECR some minutes."
        : "It is archived. Restore it in ECR first, which takes some minutes."
    case .rolloutUnderWay: "A rollout is under way. Wait for its end, or stop it."
    case .ghostStarts: "Ghost is starting and may be migrating the database. Wait until it answers."
    case .notRead(let sentence): sentence
    case .schemaIsNewer(let target, let running):
      "Ghost \(running.words) has migrated the database, and Ghost \(target.words) does not start "
        + "on a newer one: the backup from before has to be restored too."
    case .migrates(let target, let running):
      "Ghost \(target.words) migrates the database of \(running.words) when it starts."
    case .versionUnknown:
      "Nobody knows whether its Ghost fits the database: no tag tells a version."
    case .expires(let words): words
    case .revisionsInactive(let names):
      "\(names.joined(separator: ", ")) \(names.count == 1 ? "is" : "are") deregistered: only a "
        + "new revision can run it."
    }
  }
}

extension Estate {
  /// The digests of Ghost's image that tasks run, each once; empty when not known.
  public var runningDigests: [String] {
    Array(Set((self[TaskFacts.self].facts?.running ?? []).map(\.digest)))
      .filter { !$0.isEmpty }.sorted()
  }

  /// The version of Ghost that runs: by the running image's tag, else as Ghost itself tells.
  public var runningGhost: GhostVersion? {
    let images = self[ImageFacts.self].facts
    let tagged = runningDigests.compactMap { images?.image($0)?.ghost }.max()
    return tagged ?? (self[BlogFacts.self].facts?.version).flatMap { GhostVersion($0) }
  }

  /// The image that the stack's template names and the one that runs, where they differ; nil when
  /// they do not, or it is not known.
  public var pinnedOutsideStack: (named: String, running: String)? {
    guard let named = self[StackFacts.self].facts?.templateImage,
      let images = self[ImageFacts.self].facts, runningDigests.count == 1,
      let running = runningDigests.first.flatMap(images.image),
      images.digest(of: named) != running.digest
    else { return nil }
    return (named, running.name)
  }
}
