import Rules
import Testing

/// Whether the service can go back to an image, and why not.
@Suite struct RollbackTests {
  typealias Samples = EstateSamples

  /// The image beside the one that runs.
  private let other = "sha256:b"

  private func obstacles(_ change: (inout Estate) -> Void) -> [RollbackReadiness.Obstacle] {
    var estate = Samples.estate
    change(&estate)
    return RollbackReadiness(of: other, in: estate).obstacles
  }

  private func obstacles(_ spoil: (inout ImageFacts) -> Void) -> [RollbackReadiness.Obstacle] {
    var images = Samples.images
    spoil(&images)
    return obstacles { (estate: inout Estate) in estate.add(images) }
  }

  private func obstacles(_ spoil: (inout RolloutFacts) -> Void) -> [RollbackReadiness.Obstacle] {
    var rollouts = Samples.rollouts
    spoil(&rollouts)
    return obstacles { (estate: inout Estate) in estate.add(rollouts) }
  }

  @Test func `an image of the same Ghost that is there and active is ready`() {
    let readiness = RollbackReadiness(of: other, in: Samples.estate)
    #expect(readiness.isReady && readiness.prohibition == nil && !readiness.needsBackup)
  }

  @Test func `one that is gone, archived or coming back is not ready, whatever people decide`() {
    #expect(obstacles { (facts: inout ImageFacts) in facts.images.remove(at: 1) } == [.gone])
    #expect(
      obstacles { (facts: inout ImageFacts) in facts.images[1].status = "ARCHIVED" }
        == [.archived(isComing: false)])
    #expect(
      obstacles { (facts: inout ImageFacts) in facts.images[1].status = "ACTIVATING" }
        == [.archived(isComing: true)])
  }

  @Test(arguments: [
    "PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS",
  ])
  func `nothing is ready while a rollout is under way`(status: String) {
    #expect(
      obstacles { (facts: inout RolloutFacts) in facts.rollouts[0].status = status }
        == [.rolloutUnderWay])
  }

  @Test(arguments: ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"])
  func `a rollout that has ended stands in nobody's way`(status: String) {
    #expect(
      obstacles { (facts: inout RolloutFacts) in facts.rollouts[0].status = status }.isEmpty)
  }

  @Test func `nothing is ready while Ghost starts, for it may be migrating`() {
    var blog = Samples.blog
    blog.isStarting = true
    let found = obstacles { (estate: inout Estate) in estate.add(blog) }
    #expect(found == [.ghostStarts])
  }

  @Test func `another minor or major version of Ghost needs a backup, a patch does not`() throws {
    let running = try #require(GhostVersion("5.87.1"))
    for (tag, isOlder) in [("v5.86.9-1", true), ("v4.87.1-1", true), ("v5.88.0-1", false)] {
      let target = try #require(GhostVersion(tag: tag))
      #expect(
        obstacles { (facts: inout ImageFacts) in facts.images[1].tags = [tag] } == [
          isOlder
            ? .schemaIsNewer(than: target, running: running)
            : .migrates(to: target, running: running)
        ])
    }
    #expect(obstacles { (facts: inout ImageFacts) in facts.images[1].tags = ["v5.87.9-1"] }.isEmpty)
    var images = Samples.images
    images.images[1].tags = ["v5.82.2-1"]
    var estate = Samples.estate
    estate.add(images)
    let readiness = RollbackReadiness(of: other, in: estate)
    #expect(readiness.needsBackup && readiness.prohibition == nil && !readiness.isReady)
  }

  @Test func `an image whose Ghost nobody knows is treated as another version`() {
    let found = obstacles { (facts: inout ImageFacts) in facts.images[1].tags = ["nightly"] }
    #expect(found == [.versionUnknown])
  }

  @Test func `the version that runs is told by Ghost where no tag tells it`() {
    var images = Samples.images
    images.images[0].tags = []
    var estate = Samples.estate
    estate.add(images)
    #expect(estate.runningGhost == GhostVersion(Samples.blog.version))
  }

  @Test func `an image that a lifecycle rule takes soon is not ready`() {
    func rule(_ type: String, _ count: Int64, _ status: String = "any") -> LifecycleRule {
      LifecycleRule(
        priority: 1, tagStatus: status, patterns: status == "tagged" ? ["v5*"] : [],
        countType: type, count: count)
    }
    func found(_ rules: LifecycleRule...) -> [RollbackReadiness.Obstacle] {
      obstacles { (facts: inout ImageFacts) in facts.lifecycle = rules }
    }
    #expect(
      found(rule("sinceImagePushed", 3))
        == [.expires("Lifecycle rule 1 removes it within 1 day.")])
    #expect(
      found(rule("sinceImagePushed", 1))
        == [.expires("Lifecycle rule 1 removes it at any moment.")])
    #expect(found(rule("sinceImagePushed", 30)).isEmpty)
    #expect(found(rule("sinceImagePushed", .max)).isEmpty)
    #expect(
      found(rule("imageCountMoreThan", 2, "tagged"))
        == [.expires("Lifecycle rule 1 removes it with the next push.")])
    #expect(found(rule("imageCountMoreThan", 3)).isEmpty)
    #expect(found(rule("imageCountMoreThan", 1, "untagged")).isEmpty)
    // The first rule that selects an image keeps the others from it.
    var keeper = rule("imageCountMoreThan", 50, "tagged")
    keeper.priority = 0
    #expect(found(rule("sinceImagePushed", 1), keeper).isEmpty)
  }

  @Test func `an image of which every revision is deregistered is not ready, and can be run anew`()
  {
    let found = obstacles { (facts: inout RolloutFacts) in facts.revisions[1].isActive = false }
    #expect(found == [.revisionsInactive(["t:3"])])
    #expect(found.allSatisfy { $0.words.contains("only a new revision can run it") })
  }

  @Test func `what was not read is not ready`() {
    #expect(
      obstacles { (estate: inout Estate) in estate.add(failure: "No.", of: .images) }
        == [.notRead("No.")])
    #expect(
      obstacles { (estate: inout Estate) in estate.add(failure: "No.", of: .rollouts) }
        == [.notRead("No.")])
    #expect(!RollbackReadiness(of: other, in: Estate(now: Samples.now)).isReady)
  }

  @Test func `versions are read from tags, and from nothing else`() {
    #expect(GhostVersion(tag: "v5.87.1-3")?.words == "5.87.1")
    #expect(GhostVersion(tag: "5.87.1")?.short == "5.87")
    for tag in ["latest", "v5", "v5.87", "5.87.x", "v-5.1.1", "99999999999999999999.1.1", ""] {
      #expect(GhostVersion(tag: tag) == nil, "\(tag)")
    }
    #expect(GhostVersion("5.87") == GhostVersion("5.87.0"))
  }

  @Test func `a tag can be moved as the repository's setting and its exclusions say`() {
    func canMove(_ mutability: String, _ exclusions: [String] = []) -> Bool {
      var facts = Samples.images
      (facts.mutability, facts.exclusions) = (mutability, exclusions)
      return facts.canMove("latest")
    }
    #expect(canMove("MUTABLE") && !canMove("IMMUTABLE"))
    #expect(canMove("IMMUTABLE_WITH_EXCLUSION", ["latest*"]))
    #expect(!canMove("IMMUTABLE_WITH_EXCLUSION", ["la*x", "late"]))
    #expect(!canMove("MUTABLE_WITH_EXCLUSION", ["*est"]))
    #expect(canMove("MUTABLE_WITH_EXCLUSION", ["v*"]))
  }

  @Test(arguments: [(Int64.min, 1), (0, 1), (3, 3), (.max, .max - 1)] as [(Int64, Int64)])
  func `an attempt has one after it, whatever GitHub says`(said: Int64, attempt: Int64) {
    let run = RunSummary(
      id: 1, file: "image-deploy.yml", title: "t", commit: "c", event: "push",
      status: "completed", conclusion: "failure", attempt: said, createdAt: Samples.now,
      startedAt: Samples.now, updatedAt: Samples.now)
    #expect(run.attempt == attempt)
  }

  @Test func `an image's run is the first with its commit, or its tag, near its push`() {
    let sha = String(repeating: "ab", count: 20)
    var facts = Samples.images
    let pushed = Samples.now.adding(ms: -Span.day)
    func run(_ id: Int64, _ title: String, _ at: Moment, _ end: String = "success") -> RunSummary {
      RunSummary(
        id: id, file: "image-deploy.yml", title: title, commit: sha, event: "push",
        status: "completed", conclusion: end, createdAt: at, startedAt: at, updatedAt: at)
    }
    let before = pushed.adding(ms: -Span.hour)
    let runs = [
      run(4, "image-deploy v5.87.1-3 again", pushed.adding(ms: Span.hour)),
      run(3, "image-deploy v5.87.1-3 without", before),
      run(2, "image-deploy v5.87.1-3 without", before.adding(ms: -1), "failure"),
      run(1, "image-deploy v5.87.1-3 without", Moment(ms: .min)),
    ]
    #expect(facts.run(of: facts.images[0], in: runs)?.id == 3)
    #expect(facts.run(of: facts.images[1], in: runs) == nil)
    facts.images[1].tags.append(sha)
    #expect(facts.run(of: facts.images[1], in: runs)?.id == 1)
    #expect(facts.images[1].name == "v5.87.1-2" && facts.images[1].commit == sha)
  }
}
