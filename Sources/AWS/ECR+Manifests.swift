extension ECR {
  /// An image's manifest as it is stored.
  public struct Manifest: Sendable, Equatable {
    /// Its digest, `sha256:…`.
    public let digest: String
    /// Its text, byte for byte: the digest is of these.
    public let text: String
    /// Its media type; nil when ECR does not say.
    public let mediaType: String?
  }

  private struct ImageNames: Encodable {
    let repositoryName: String
    let imageIds: [ImageID]
  }

  private struct ImageID: Codable {
    var imageDigest: String?
    var imageTag: String?

    /// By tag, or by a digest beginning with `sha256:`.
    init(_ name: String) {
      let isDigest = name.hasPrefix("sha256:")
      imageDigest = isDigest ? name : nil
      imageTag = isDigest ? nil : name
    }
  }

  private struct Images: Decodable {
    let images: [Row]

    struct Row: Decodable {
      let imageId: ImageID
      let imageManifest: String?
      let imageManifestMediaType: String?
    }
  }

  /// BatchGetImage (Amazon ECR API Reference), for one image.
  /// - Parameter name: A tag, or a digest beginning with `sha256:`.
  /// - Returns: nil when the repository does not hold it, or holds it archived.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such repository.
  public func manifest(
    of name: String, in repository: String
  ) async throws(AWSError) -> Manifest? {
    do {
      let row = try await client.json(
        .read(.ecr, "BatchGetImage"),
        ImageNames(repositoryName: repository, imageIds: [ImageID(name)]), as: Images.self
      ).images.first
      guard let row, let digest = row.imageId.imageDigest else { return nil }
      return Manifest(
        digest: digest, text: row.imageManifest ?? "", mediaType: row.imageManifestMediaType)
    } catch {
      throw named(error, repository)
    }
  }

  /// The digest of an image by its name, as ``manifest(of:in:)`` finds it.
  public func digest(of name: String, in repository: String) async throws(AWSError) -> String? {
    try await manifest(of: name, in: repository)?.digest
  }

  private struct Put: Encodable {
    let repositoryName: String
    let imageManifest: String
    let imageManifestMediaType: String?
    let imageTag: String
  }

  private struct PutAnswer: Decodable { let image: Images.Row }

  /// BatchGetImage, PutImage (Amazon ECR API Reference): gives an image another tag, which leaves
  /// the image that had it.
  /// - Returns: the digest that the tag leads to.
  /// - Throws: ``AWSError`` with reason `notFound` when the image is gone or archived; with code
  ///   `ImageTagAlreadyExistsException` when tags can't be moved.
  public func putTag(
    _ tag: String, on digest: String, in repository: String
  ) async throws(AWSError) -> String {
    let operation = Operation.write(.ecr, "PutImage")
    guard let manifest = try await manifest(of: digest, in: repository) else {
      throw client.failure(.notFound("The repository does not give \(digest)."), operation)
    }
    do {
      return try await client.json(
        operation,
        Put(
          repositoryName: repository, imageManifest: manifest.text,
          imageManifestMediaType: manifest.mediaType, imageTag: tag), as: PutAnswer.self
      ).image.imageId.imageDigest ?? digest
    } catch {
      // The tag leads there already, so all is as it should be.
      guard error.code == "ImageAlreadyExistsException" else { throw named(error, repository) }
      return digest
    }
  }
}
