import Testing

@testable import AWS

extension DemoCloudTests {
  /// The bucket of images: its protection, its rules, and what was deleted in it.
  struct S3Tests {
    private static let bucket = "ghostinfrastack-ghostmedia4b1c1d0e-abcdefghijkl"
    private static let anchors = "example-caretaker-anchors"
    private static let nobodys = "no-such-bucket-here"
    private static let image = "content/images/2026/01/hero.jpg"
    private static let odd = "content/files/a b+c.pdf"

    private let cloud: DemoCloud
    private let s3: S3

    init() async throws {
      cloud = try await DemoCloud.fresh()
      s3 = S3(try await cloud.client())
    }

    /// Somebody else deletes an object, as anybody would: by its key alone.
    private func delete(_ key: String) async throws {
      var request = s3.request(.write(.s3, "DeleteObject"), Self.bucket, key: key)
      request.method = "DELETE"
      _ = try await s3.client.answer(to: request)
    }

    private func versions(_ key: String) async throws -> [S3.ObjectVersion] {
      try await s3.listObjectVersions(Self.bucket, prefix: key, limit: 100).versions
    }

    @Test func `the bucket's protection is read`() async throws {
      #expect(
        try await s3.getBucketEncryption(Self.bucket)
          == S3.Encryption(algorithm: "AES256", kmsKeyID: nil))
      #expect(
        try await s3.getPublicAccessBlock(Self.bucket)
          == S3.PublicAccessBlock(
            blocksPublicACLs: true, ignoresPublicACLs: true, blocksPublicPolicies: false,
            restrictsPublicPolicies: false))
      #expect(try await s3.getBucketPolicyStatus(Self.bucket) == .everybody)
      #expect(try await s3.getBucketPolicyStatus(Self.anchors) == .none)
      #expect(try await s3.getBucketLifecycleConfiguration(Self.bucket).isEmpty)
    }

    @Test(arguments: [
      "ServerSideEncryptionConfigurationNotFoundError", "NoSuchPublicAccessBlockConfiguration",
      "NoSuchBucketPolicy", "NoSuchLifecycleConfiguration",
    ])
    func `what is not configured is a value, and any other refusal an error`(code: String) async {
      let body = "<Error><Code>\(code)</Code></Error>"
      let s3 = S3(Script([.text(404, body)]).client())
      func isNone(_ read: () async throws -> Bool) async -> Bool { (try? await read()) == true }
      #expect(
        await isNone { try await s3.getBucketEncryption("b") == nil } == code.hasPrefix("Server"))
      #expect(
        await isNone { try await s3.getPublicAccessBlock("b") == .none }
          == code.hasSuffix("AccessBlockConfiguration"))
      #expect(
        await isNone { try await s3.getBucketPolicyStatus("b") == .none }
          == code.hasSuffix("BucketPolicy"))
      #expect(
        await isNone { try await s3.getBucketLifecycleConfiguration("b").isEmpty }
          == code.contains("Lifecycle"))
    }

    @Test func `a bucket that is not there is named by every call`() async throws {
      #expect(await isNotFound { _ = try await s3.getBucketEncryption(Self.nobodys) })
      #expect(await isNotFound { _ = try await s3.getPublicAccessBlock(Self.nobodys) })
      #expect(await isNotFound { _ = try await s3.getBucketPolicyStatus(Self.nobodys) })
      #expect(await isNotFound { _ = try await s3.getBucketLifecycleConfiguration(Self.nobodys) })
      #expect(
        await isNotFound {
          _ = try await s3.listObjectVersions(Self.nobodys, prefix: "", limit: 1)
        })
      #expect(await isNotFound { try await s3.deleteBucket(Self.nobodys) })
      #expect(try await !s3.bucketExists(Self.nobodys))
      #expect(try await s3.bucketExists(Self.bucket))
    }

    @Test func `a refused reading names the action IAM has for it`() async {
      let script = Script([.text(403, "<Error><Code>AccessDenied</Code></Error>")])
      await #expect {
        _ = try await S3(script.client()).getBucketEncryption("b")
      } throws: {
        ($0 as? AWSError)?.sentence.contains("“s3:GetEncryptionConfiguration”") == true
      }
    }

    @Test func `versioning is switched on and off`() async throws {
      try await s3.putBucketVersioning(Self.bucket, enabled: true)
      #expect(try await s3.getBucketVersioning(Self.bucket) == .enabled)
      try await s3.putBucketVersioning(Self.bucket, enabled: false)
      #expect(try await s3.getBucketVersioning(Self.bucket) == .suspended)
    }

    @Test func `rules are read as they were written, and taken away`() async throws {
      let rules = [
        S3.LifecycleRule(
          id: "old <versions> & uploads", prefix: "content/", noncurrentDays: 30,
          abortMultipartDays: 7),
        S3.LifecycleRule(id: "drafts", isEnabled: false, prefix: "drafts/", expirationDays: 90),
      ]
      try await s3.putBucketLifecycleConfiguration(Self.bucket, rules)
      #expect(try await s3.getBucketLifecycleConfiguration(Self.bucket) == rules)
      try await s3.putBucketLifecycleConfiguration(Self.bucket, [])
      #expect(try await s3.getBucketLifecycleConfiguration(Self.bucket).isEmpty)
    }

    @Test(arguments: [
      "<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>",
      "<Filter><And><Prefix>a</Prefix><ObjectSizeLessThan>5</ObjectSizeLessThan></And></Filter>",
      "<Filter/><Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>",
      "<Prefix/><Expiration><Date>2027-01-01T00:00:00Z</Date></Expiration>",
    ])
    func `a rule that says more is never put back`(part: String) async throws {
      let body = """
        <LifecycleConfiguration><Rule><ID>r</ID><Status>Enabled</Status>\(part)</Rule>
        </LifecycleConfiguration>
        """
      let script = Script([.text(200, body)])
      let s3 = S3(script.client())
      let rules = try await s3.getBucketLifecycleConfiguration("b")
      #expect(rules.map(\.saysMore) == [true])
      await #expect(throws: AWSError.self) {
        try await s3.putBucketLifecycleConfiguration("b", rules)
      }
      #expect(script.calls.count == 1)
    }

    @Test(arguments: [image, odd])
    func `a deleted object is brought back by deleting its marker`(key: String) async throws {
      try await s3.putBucketVersioning(Self.bucket, enabled: true)
      try await delete(key)
      let found = try await versions(key)
      #expect(found.map(\.isDeleteMarker) == [true, false])
      #expect(found.map(\.isLatest) == [true, false])
      #expect(found.map(\.sizeBytes) == [nil, 2_048])
      #expect(await isNotFound { _ = try await s3.getObject(key, in: Self.bucket) })
      try await s3.deleteObject(
        key, in: Self.bucket, versionID: try #require(found.first?.id))
      #expect(try await s3.getObject(key, in: Self.bucket).count == 2_048)
    }

    @Test(arguments: [image, odd])
    func `an older version becomes the latest, and the one before it stays`(
      key: String
    ) async throws {
      try await s3.putBucketVersioning(Self.bucket, enabled: true)
      let old = try #require(try await versions(key).first)
      try await delete(key)
      let id = try await s3.copyObject(key, in: Self.bucket, fromVersion: old.id)
      let now = try await versions(key)
      #expect(now.count == 3)
      #expect(now.first { $0.isLatest }?.id == id)
      #expect(try await s3.getObject(key, in: Self.bucket).count == 2_048)
    }

    @Test func `a copy that fails after its answer has begun may have been made`() async {
      let body = "<Error><Code>InternalError</Code></Error>"
      let script = Script([.text(200, body)])
      await #expect {
        _ = try await S3(script.client()).copyObject("k", in: "b", fromVersion: "v")
      } throws: { ($0 as? AWSError)?.effect == .unknown }
      #expect(script.calls.count == 1)
    }

    @Test func `versions are read up to a limit, over several pages`() async throws {
      try await s3.putBucketVersioning(Self.bucket, enabled: true)
      try await delete(Self.image)
      let all = try await s3.listObjectVersions(Self.bucket, prefix: "", limit: 100)
      #expect(all.versions.count == 5)
      #expect(!all.isCut)
      let some = try await s3.listObjectVersions(Self.bucket, prefix: "", limit: 3)
      #expect(some.versions.count == 3)
      #expect(some.isCut)
      let exact = try await s3.listObjectVersions(Self.bucket, prefix: "themes/", limit: 1)
      #expect(exact.versions.count == 1)
      #expect(!exact.isCut)
    }

    @Test func `versions are read from behind a key, and the cut says where it goes on`()
      async throws
    {
      let first = try await s3.listObjectVersions(Self.bucket, prefix: "", limit: 2)
      #expect(first.versions.map(\.key) == [Self.odd, Self.image])
      let key = try #require(first.next)
      #expect(key == Self.image)
      let rest = try await s3.listObjectVersions(Self.bucket, prefix: "", after: key, limit: 10)
      #expect(
        rest.versions.map(\.key) == ["content/images/2026/02/cat.png", "themes/casper-5.7.zip"])
      #expect(rest.next == nil)
    }

    @Test func `the next page of versions begins behind the last one`() async throws {
      func page(_ key: String, _ rest: String) -> Script.Line {
        .text(
          200,
          """
          <ListVersionsResult><Version><Key>\(key)</Key><VersionId>1</VersionId>
          <IsLatest>true</IsLatest><LastModified>2026-01-01T00:00:00.000Z</LastModified>
          <Size>1</Size></Version>\(rest)</ListVersionsResult>
          """)
      }
      let script = Script([
        page(
          "a b",
          "<IsTruncated>true</IsTruncated><NextKeyMarker>a b</NextKeyMarker>"
            + "<NextVersionIdMarker>1</NextVersionIdMarker>"),
        page("c", "<IsTruncated>false</IsTruncated>"),
      ])
      let found = try await S3(script.client()).listObjectVersions("b", prefix: "", limit: 10)
      #expect(found.versions.map(\.key) == ["a b", "c"])
      #expect(script.calls.last?.url.hasSuffix("&key-marker=a%20b&version-id-marker=1") == true)
    }

    @Test func `a bucket is deleted only when it is empty`() async throws {
      await #expect {
        try await s3.deleteBucket(Self.bucket)
      } throws: { ($0 as? AWSError)?.code == "BucketNotEmpty" }
      try await s3.deleteBucket(Self.anchors)
      #expect(try await !s3.bucketExists(Self.anchors))
    }

    @Test func `no call broke a rule of S3's model`() async throws {
      try await s3.putBucketVersioning(Self.bucket, enabled: true)
      _ = try await s3.getBucketPolicyStatus(Self.bucket)
      #expect(try await cloud.control("violations").entries == [])
    }
  }
}
