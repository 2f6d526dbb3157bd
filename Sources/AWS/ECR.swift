/// Amazon Elastic Container Registry: the images the blog is made of.
public struct ECR: Sendable {
  let client: Client

  /// ECR through a client.
  public init(_ client: Client) { self.client = client }

  /// A repository of images.
  public struct Repository: Sendable, Equatable {
    /// The repository's name.
    public let name: String
    /// What images are named by, `123456789012.dkr.ecr.us-west-2.amazonaws.com/ghost`.
    public let uri: String
    /// Whether a tag can be moved to another image: `MUTABLE`, `IMMUTABLE`, or one of them
    /// `_WITH_EXCLUSION`.
    public let tagMutability: String
    /// Wildcards of the tags for which the opposite holds, `latest*`.
    public let exclusions: [String]
    /// Whether images are scanned when they are pushed.
    public let scansOnPush: Bool
  }

  /// An image of a repository.
  public struct Image: Sendable, Equatable {
    /// The digest of its manifest, `sha256:…`.
    public let digest: String
    /// Its tags; none when they were moved to other images.
    public let tags: [String]
    /// When it was pushed, in milliseconds since 1970; nil when ECR does not say.
    public let pushedMs: Int64?
    /// Its size in bytes, compressed.
    public let bytes: Int64
    /// `ACTIVE`, `ARCHIVED` or `ACTIVATING`.
    public let status: String
  }

  private struct Names: Encodable { let repositoryNames: [String] }

  private struct Repositories: Decodable {
    let repositories: [Row]

    struct Row: Decodable {
      let repositoryName: String
      let repositoryUri: String
      let imageTagMutability: String
      let imageTagMutabilityExclusionFilters: [Filter]?
      let imageScanningConfiguration: Scanning?
    }

    struct Scanning: Decodable { let scanOnPush: Bool? }
    struct Filter: Decodable { let filter: String }
  }

  /// DescribeRepositories (Amazon ECR API Reference), for one repository.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such repository.
  public func describeRepository(_ name: String) async throws(AWSError) -> Repository {
    let operation = Operation.read(.ecr, "DescribeRepositories")
    let found: Repositories
    do {
      found = try await client.json(
        operation, Names(repositoryNames: [name]), as: Repositories.self)
    } catch {
      throw named(error, name)
    }
    guard let row = found.repositories.first else { throw missing(name, operation) }
    return Repository(
      name: row.repositoryName, uri: row.repositoryUri, tagMutability: row.imageTagMutability,
      exclusions: (row.imageTagMutabilityExclusionFilters ?? []).map(\.filter),
      scansOnPush: row.imageScanningConfiguration?.scanOnPush ?? false)
  }

  private struct Mutability: Encodable {
    let repositoryName: String
    let imageTagMutability: String
    let imageTagMutabilityExclusionFilters: [Filter]?

    struct Filter: Encodable {
      let filterType = "WILDCARD"
      let filter: String
    }
  }

  private struct MutabilityAnswer: Decodable { let imageTagMutability: String? }

  /// PutImageTagMutability (Amazon ECR API Reference).
  /// - Parameters:
  ///   - mutability: `MUTABLE`, `IMMUTABLE`, or one of them `_WITH_EXCLUSION`.
  ///   - exclusions: wildcards of the tags for which the opposite holds; only with an exclusion.
  public func putTagMutability(
    _ mutability: String, exclusions: [String], of repository: String
  ) async throws(AWSError) {
    let filters = exclusions.map { Mutability.Filter(filter: $0) }
    do {
      _ = try await client.json(
        .write(.ecr, "PutImageTagMutability"),
        Mutability(
          repositoryName: repository, imageTagMutability: mutability,
          imageTagMutabilityExclusionFilters: filters.isEmpty ? nil : filters),
        as: MutabilityAnswer.self)
    } catch {
      throw named(error, repository)
    }
  }

  private struct ImageList: Encodable {
    let repositoryName: String
    let maxResults = 1_000
    let nextToken: String?
    /// Without it, archived images are left out.
    let filter = ["imageStatus": "ANY"]
  }

  fileprivate struct ImagePage: Decodable {
    let imageDetails: [Row]
    let nextToken: String?

    struct Row: Decodable {
      let imageDigest: String
      let imageTags: [String]?
      let imagePushedAt: EpochTime?
      let imageSizeInBytes: Int64?
      let imageStatus: String?
    }
  }

  /// DescribeImages (Amazon ECR API Reference): every image of a repository, archived ones too,
  /// newest first.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such repository.
  public func describeImages(_ repository: String) async throws(AWSError) -> [Image] {
    let operation = Operation.read(.ecr, "DescribeImages")
    do {
      let images = try await client.pages(operation) { token async throws(AWSError) in
        let page = try await client.json(
          operation, ImageList(repositoryName: repository, nextToken: token), as: ImagePage.self)
        return (page.imageDetails.map(Image.init), page.nextToken)
      }
      return images.sorted { ($0.pushedMs ?? 0) > ($1.pushedMs ?? 0) }
    } catch {
      throw named(error, repository)
    }
  }

  private struct Name: Encodable { let repositoryName: String }

  private struct Lifecycle: Decodable { let lifecyclePolicyText: String }

  /// GetLifecyclePolicy (Amazon ECR API Reference): the rules by which images go, as JSON; nil when
  /// there are none.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such repository.
  public func getLifecyclePolicy(_ repository: String) async throws(AWSError) -> String? {
    do {
      return try await client.json(
        .read(.ecr, "GetLifecyclePolicy"), Name(repositoryName: repository), as: Lifecycle.self
      ).lifecyclePolicyText
    } catch {
      guard error.code == "LifecyclePolicyNotFoundException" else {
        throw named(error, repository)
      }
      return nil
    }
  }

  /// The failure, with the repository's name where it is not there.
  func named(_ error: AWSError, _ repository: String) -> AWSError {
    error.code == "RepositoryNotFoundException" ? missing(repository, error.operation) : error
  }

  private func missing(_ name: String, _ operation: Operation) -> AWSError {
    client.failure(.notFound("There is no image repository “\(name)”."), operation)
  }
}

extension ECR.Image {
  fileprivate init(_ row: ECR.ImagePage.Row) {
    self.init(
      digest: row.imageDigest, tags: row.imageTags ?? [], pushedMs: row.imagePushedAt?.ms,
      bytes: row.imageSizeInBytes ?? 0, status: row.imageStatus ?? "ACTIVE")
  }
}
