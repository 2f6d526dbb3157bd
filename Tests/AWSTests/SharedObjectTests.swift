import Testing

@testable import AWS

extension DemoCloudTests {
  /// Objects that several writers share.
  struct SharedObjectTests {
    private static let bucket = "example-caretaker-anchors"
    private static let key = "lease/portal"

    private let s3: S3

    init() async throws { s3 = S3(try await DemoCloud.fresh().client()) }

    private func replace(_ etag: String?, by text: String) async throws -> String? {
      try await s3.replace(etag, at: Self.key, in: Self.bucket, by: Array(text.utf8))
    }

    @Test func `of two who write the same version, one is told that it was overtaken`() async throws
    {
      #expect(try await s3.getTagged(Self.key, in: Self.bucket) == nil)
      let first = try #require(try await replace(nil, by: "1"))
      #expect(try await replace(nil, by: "2") == nil)
      let seen = try #require(try await s3.getTagged(Self.key, in: Self.bucket))
      #expect(seen.etag == first && seen.body == Array("1".utf8))
      let second = try #require(try await replace(first, by: "3"))
      #expect(second != first)
      #expect(try await replace(first, by: "4") == nil)
      #expect(try await s3.getTagged(Self.key, in: Self.bucket)?.body == Array("3".utf8))
    }

    @Test func `what is not there any more is not replaced`() async throws {
      #expect(try await replace("\"0\"", by: "1") == nil)
      #expect(try await s3.getTagged(Self.key, in: Self.bucket) == nil)
    }

    @Test(arguments: [(409, "ConditionalRequestConflict"), (412, "PreconditionFailed")])
    func `two at the same time are one that was overtaken`(status: Int, code: String) async throws {
      let script = Script([.text(status, "<Error><Code>\(code)</Code></Error>")])
      let s3 = S3(script.client())
      #expect(try await s3.replace("\"1\"", at: "k", in: "b", by: []) == nil)
      #expect(script.calls.count == 1)
    }

    @Test func `a lost answer and a refusal are errors, and nothing is sent twice`() async {
      let script = Script([
        .text(500, "<Error><Code>InternalError</Code></Error>"),
        .text(403, "<Error><Code>AccessDenied</Code></Error>"),
      ])
      let s3 = S3(script.client())
      for effect in [AWSError.Effect.unknown, .none] {
        await #expect {
          _ = try await s3.replace("\"1\"", at: "k", in: "b", by: [])
        } throws: { ($0 as? AWSError)?.effect == effect }
      }
      #expect(script.calls.count == 2)
    }

    @Test func `a client that may not write asks before each write, and reads on`() async throws {
      let script = Script([.text(200, "<LocationConstraint/>")])
      let s3 = S3(script.client().asking { "Another portal works." })
      #expect(try await s3.bucketExists("b"))
      await #expect {
        _ = try await s3.replace(nil, at: "k", in: "b", by: [])
      } throws: {
        let error = $0 as? AWSError
        return error?.effect == AWSError.Effect.none && error?.sentence == "Another portal works."
      }
      #expect(script.calls.count == 1)
    }
  }
}
