import Rules

@testable import Portal

/// Settings as tests use them.
enum Samples {
  /// The policy of a team that has just been set up: a role counts at once.
  static let newTeam: Policy = {
    var policy = Policy.standard
    policy.roleAgeMs = 0
    return policy
  }()

  /// Where the AWS peer has a bucket for anchors.
  static let anchor = BucketPlace(
    bucket: "example-caretaker-anchors", prefix: "caretaker", site: "blog")

  /// The AWS peer's role for runs of changes.
  static let runRole = RoleARN("arn:aws:iam::123456789012:role/CaretakerRun")

  static func configuration(
    folder: String, endpoint: String, trustedProxies: Set<String> = [], blog: FakeBlog? = nil,
    github: FakeGitHub? = nil
  ) -> Configuration {
    var site = Site(
      name: "blog", stack: "GhostInfraStack", region: "us-west-2", profile: nil, role: nil,
      endpoint: endpoint, ghostURL: "https://blog.example.com", repository: "example/ghost-blog")
    // Without a blog of its own a test looks at a port where nobody answers.
    site.ghostEndpoint = blog?.endpoint ?? "127.0.0.1:1"
    site.caFile = blog?.authorities
    site.ghostKeyFile = blog?.keyFile
    site.ghostStaffTokenFile = blog?.staffTokenFile
    site.githubEndpoint = github?.peer.url ?? "http://127.0.0.1:1"
    site.githubTokenFile = github?.tokenFile
    return Configuration(
      dataFolder: folder, assetsFolder: Stage.root, address: "127.0.0.1", port: 0,
      trustedProxies: trustedProxies, isDemo: false, pollSeconds: 60,
      firstPolicy: newTeam, sites: [site])
  }
}
