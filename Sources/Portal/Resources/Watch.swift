import AWS
import Foundation
import Rules

/// How one subject is read. What a reading means is decided by `Check`.
struct Watch: Sendable {
  /// What is read.
  let subject: Subject
  /// The calls it takes, as IAM names them: `rds:DescribeDBInstances`; pages of the site and calls
  /// to GitHub by their paths.
  let actions: [String]
  /// Reads it, live.
  let read: @Sendable (Cloud, SiteIDs) async throws -> any Shown
  /// Facts as they were stored; nil when an older version stored others.
  let decode: @Sendable (String) -> (any Shown)?

  private init<Facts: Shown>(
    _ actions: String..., read: @escaping @Sendable (Cloud, SiteIDs) async throws -> Facts
  ) {
    subject = Facts.subject
    self.actions = actions
    self.read = read
    let decoded = Remembered { text in
      try? JSONDecoder().decode(Facts.self, from: Data(text.utf8))
    }
    decode = { decoded.value(of: $0) }
  }

  /// Everything that is watched.
  static let all: [Watch] = [
    Watch("GET /", "GET /ghost/api/admin/site/", "GET /ghost/api/admin/settings/") { cloud, _ in
      try await cloud.blogFacts()
    },
    Watch("ecs:DescribeServices", "ecs:DescribeTaskDefinition") {
      try await $0.serviceFacts(try $1.service)
    },
    Watch("ecs:ListTasks", "ecs:DescribeTasks") {
      try await $0.taskFacts(try $1.service, of: try? $1.repository)
    },
    Watch(
      "ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:DescribeServiceDeployments",
      "ecs:DescribeServiceRevisions", "ecs:ListTaskDefinitions", "ecs:DescribeTaskDefinition"
    ) { try await $0.rolloutFacts(try $1.service, of: try? $1.repository) },
    Watch("ecr:DescribeRepositories", "ecr:DescribeImages", "ecr:GetLifecyclePolicy") {
      try await $0.imageFacts(try $1.repository)
    },
    Watch("rds:DescribeDBInstances", "rds:DescribePendingMaintenanceActions") {
      try await $0.watchedDatabaseFacts(try $1.database)
    },
    Watch(
      "rds:DescribeDBSnapshots", "rds:DescribeDBSnapshotAttributes",
      "rds:DescribeDBInstanceAutomatedBackups"
    ) { try await $0.backupFacts(try $1.database) },
    Watch(
      "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketPolicyStatus", "s3:GetLifecycleConfiguration"
    ) { try await $0.bucketFacts(try $1.bucket) },
    Watch("logs:DescribeLogGroups", "logs:FilterLogEvents") {
      try await $0.logFacts(try $1.logGroup, at: $0.now())
    },
    Watch("cloudwatch:DescribeAlarms") { cloud, _ in try await cloud.alarmFacts() },
    Watch("sns:ListSubscriptionsByTopic", "cloudwatch:DescribeAlarms") {
      try await $0.topicFacts(try $1.all("AWS::SNS::Topic"))
    },
    Watch(
      "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
      "elasticloadbalancing:DescribeLoadBalancerAttributes"
    ) { try await $0.balancerFacts(try $1.balancer) },
    Watch("ec2:DescribeNatGateways") {
      try await $0.networkFacts(try $1.all("AWS::EC2::NatGateway"))
    },
    Watch(
      "cloudformation:DescribeStacks", "cloudformation:ListStackResources",
      "cloudformation:GetTemplate"
    ) { cloud, _ in try await cloud.stackFacts() },
    Watch("cloudformation:ListChangeSets", "cloudformation:DescribeChangeSet") { cloud, _ in
      try await cloud.changeSetFacts()
    },
    Watch("cloudtrail:LookupEvents", "sts:GetCallerIdentity") {
      try await $0.trailFacts($1, since: $0.now().adding(ms: -TrailFacts.lateMs))
    },
    Watch("ses:GetAccount") { cloud, _ in try await cloud.mailFacts() },
    Watch("ses:ListEmailIdentities", "ses:GetEmailIdentity", "route53:GetHostedZone") {
      try await $0.identityFacts($1)
    },
    Watch("GET /ghost/api/admin/settings/", "GET /ghost/api/admin/config/") { cloud, _ in
      try await cloud.memberFacts()
    },
    Watch("route53:GetHostedZone", "route53:ListResourceRecordSets") {
      try await $0.zoneFacts(try $1.zone)
    },
    Watch("acm:ListCertificates", "acm:DescribeCertificate") {
      try await $0.certificateFacts($1)
    },
    Watch("GET /actions", "GET /commits", "GET /compare", "GET /contents") { cloud, _ in
      try await cloud.workflowFacts()
    },
  ]

  /// How a subject is read; nil when it is not watched.
  static func of(_ subject: Subject) -> Watch? { bySubject[subject] }

  private static let bySubject = Dictionary(
    uniqueKeysWithValues: all.map { ($0.subject, $0) })

  /// The calls, as one line.
  var source: String { actions.joined(separator: ", ") }
}
