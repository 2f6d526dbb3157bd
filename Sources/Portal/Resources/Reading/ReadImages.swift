import AWS
import Foundation
import Rules

// What the answers of ECR, and of GitHub about the runs that built them, mean as facts of images.

extension Cloud {
  /// The workflow that builds images.
  static let imageWorkflow = "image-deploy.yml"
  /// The folder whose commits make a new image.
  static let imageFolder = "image"

  /// The image repository with the runs that built its images, where GitHub can be asked.
  func imageFacts(_ name: String) async throws -> ImageFacts {
    async let built = imageBuilds()
    var facts = try await repositoryFacts(name)
    (facts.builds, facts.buildsProblem) = await built
    return facts
  }

  /// The image repository by itself.
  func repositoryFacts(_ name: String) async throws -> ImageFacts {
    async let described = ecr.describeRepository(name)
    async let images = ecr.describeImages(name)
    async let policy = ecr.getLifecyclePolicy(name)
    let repository = try await described
    return ImageFacts(
      repository: repository.name, uri: repository.uri, mutability: repository.tagMutability,
      exclusions: repository.exclusions, scansOnPush: repository.scansOnPush,
      images: try await images.map {
        ImageSummary(
          digest: $0.digest, tags: $0.tags, pushedAt: $0.pushedMs.map(Moment.init(ms:)),
          bytes: $0.bytes, status: $0.status)
      }, lifecycle: LifecyclePolicy.rules(in: try await policy ?? ""))
  }

  /// The runs that built images, newest first, or why they can't be told.
  private func imageBuilds() async -> (builds: [ImageBuild], problem: String?) {
    guard github.isConfigured else { return ([], GitHubError(.noToken, "GET /actions").sentence) }
    do {
      async let runs = github.runs(of: Self.imageWorkflow)
      async let commits = github.commits(touching: Self.imageFolder)
      let bySHA = Dictionary(try await commits.map { ($0.sha, $0) }) { first, _ in first }
      return (try await runs.map { ImageBuild($0, bySHA[$0.headSha]) }, nil)
    } catch {
      return ([], (error as? any SpokenError)?.sentence ?? "GitHub could not be asked.")
    }
  }
}

extension ImageBuild {
  fileprivate init(_ run: GitHubRun, _ commit: GitHubCommit?) {
    self.init(
      number: run.runNumber, commit: run.headSha, subject: commit?.subject ?? "",
      author: commit?.commit.author.name ?? "", actor: run.actor?.login ?? "", url: run.htmlUrl,
      at: Moment(run.createdAt))
  }
}

extension Moment {
  fileprivate init(_ date: Date) { self.init(ms: Int64(date.timeIntervalSince1970 * 1_000)) }
}

/// A repository's lifecycle policy as ECR keeps it (“Lifecycle policy properties”, ECR User Guide).
enum LifecyclePolicy {
  private struct Document: Decodable {
    let rules: [Rule]

    struct Rule: Decodable {
      let rulePriority: Int64
      let selection: Selection
    }

    struct Selection: Decodable {
      let tagStatus: String
      let tagPrefixList: [String]?
      let tagPatternList: [String]?
      let countType: String
      let countNumber: Int64
    }
  }

  /// Its rules; none when the text is not a policy.
  static func rules(in text: String) -> [LifecycleRule] {
    let document = try? JSONDecoder().decode(Document.self, from: Data(text.utf8))
    return (document?.rules ?? []).map { rule in
      let prefixes = (rule.selection.tagPrefixList ?? []).map { $0 + "*" }
      return LifecycleRule(
        priority: rule.rulePriority, tagStatus: rule.selection.tagStatus,
        patterns: prefixes + (rule.selection.tagPatternList ?? []),
        countType: rule.selection.countType, count: rule.selection.countNumber)
    }
  }
}
