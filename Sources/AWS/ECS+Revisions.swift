extension ECS {
  /// The service as one of its rollouts was to bring it: for every task of it the same images.
  public struct ServiceRevision: Sendable, Equatable, Decodable {
    /// The revision's ARN.
    public let arn: String
    /// The task definition's ARN, with its revision.
    public let taskDefinition: String
    private let containerImages: [Image]?

    /// What its containers run; empty before ECS has looked the tags up.
    public var images: [Image] { containerImages ?? [] }

    /// The image of a container.
    public struct Image: Sendable, Equatable, Decodable {
      /// The image as the definition names it.
      public let image: String?
      /// What its tag led to, `sha256:…`; nil when ECS has not looked it up.
      public let imageDigest: String?
    }

    enum CodingKeys: String, CodingKey {
      case arn = "serviceRevisionArn"
      case taskDefinition, containerImages
    }
  }

  private struct RevisionARNs: Encodable { let serviceRevisionArns: [String] }

  private struct Revisions: Decodable { let serviceRevisions: [ServiceRevision] }

  /// DescribeServiceRevisions (Amazon ECS API Reference). One that ECS has forgotten, or that is
  /// older than 25 October 2024, is left out.
  /// - Parameter arns: 20 at most.
  public func describeServiceRevisions(
    _ arns: [String]
  ) async throws(AWSError) -> [ServiceRevision] {
    guard !arns.isEmpty else { return [] }
    return try await client.json(
      .read(.ecs, "DescribeServiceRevisions"), RevisionARNs(serviceRevisionArns: arns),
      as: Revisions.self
    ).serviceRevisions
  }
}
