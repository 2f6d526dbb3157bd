import Rules
import Testing

/// What a policy with many resources comes down to.
@Suite struct SessionPolicyTests {
  private func shortened(_ resources: [String]) -> [String]? {
    AccessPolicy([.init(actions: ["a:B"], resources: resources)]).shortened.statements[0].resources
  }

  @Test func `many resources become what all of them begin with`() {
    let objects = (0..<3).map { "arn:aws:s3:::media/content/\($0).jpg" }
    #expect(shortened(objects) == ["arn:aws:s3:::media/content/*"])
    let marked = ["arn:aws:s3:::media/a${*}b", "arn:aws:s3:::media/a${?}c"]
    #expect(shortened(marked) == ["arn:aws:s3:::media/a*"])
    let database = "arn:aws:rds:us-west-2:123456789012:"
    #expect(shortened([database + "db:a1", database + "db:a2"]) == [database + "db:a*"])
  }

  @Test(arguments: [
    ["arn:aws:s3:::media-one/a", "arn:aws:s3:::media-two/a"],
    ["arn:aws:s3:::media", "arn:aws:s3:::media/a"],
    ["arn:aws:rds:us-west-2:123456789012:db:a", "arn:aws:rds:us-west-2:999999999999:db:a"],
    ["arn:aws:rds:us-west-2:123456789012:db:a", "arn:aws:rds:us-west-2:123456789012:pg:a"],
    ["arn:aws:s3:::media/a"],
  ])
  func `it never leaves the bucket, the account or the kind`(resources: [String]) {
    #expect(shortened(resources) == resources)
  }
}
