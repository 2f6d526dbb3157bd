import AWS
import Foundation
import Rules

// What the answers of ECR, and of GitHub about commits, mean as facts of images.

extension Cloud {
  /// The workflow that builds images.
  static let imageWorkflow = "image-deploy.yml"

  /// The image repository with the commits of its images, where GitHub can be asked.
  func imageFacts(_ name: String) async throws -> ImageFacts {
    async let commits = imageCommits()
    var facts = try await repositoryFacts(name)
    (facts.commits, facts.commitsProblem) = await commits
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

  /// The commits that images are built from, newest first, or why they can't be told: ECR's
  /// answers stand without them.
  private func imageCommits() async -> (commits: [ImageCommit], problem: String?) {
    do {
      let folder = Workflow.folder(of: Self.imageWorkflow)
      let commits = try await github.commits(touching: String(folder.dropLast()))
      return (commits.map(ImageCommit.init), nil)
    } catch {
      return ([], (error as? any SpokenError)?.sentence ?? "GitHub could not be asked.")
    }
  }
}

extension ImageCommit {
  fileprivate init(_ commit: GitHubCommit) {
    self.init(
      sha: commit.sha, subject: commit.subject, author: commit.commit.author.name,
      url: commit.htmlUrl)
  }
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
