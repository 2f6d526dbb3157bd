import Testing

@testable import AWS

extension DemoCloudTests {
  /// Images, the load balancer, NAT gateways and topics.
  struct EdgeTests {
    private static let topic = "arn:aws:sns:us-west-2:123456789012:GhostInfraStack-Alarms"

    private let cloud: DemoCloud
    private let ecr: ECR
    private let balancing: ElasticLoadBalancing
    private let ec2: EC2
    private let sns: SNS
    private let formation: CloudFormation

    init() async throws {
      cloud = try await DemoCloud.fresh()
      let client = try await cloud.client()
      ecr = ECR(client)
      balancing = ElasticLoadBalancing(client)
      ec2 = EC2(client)
      sns = SNS(client)
      formation = CloudFormation(client)
    }

    /// The ids of the stack's resources of a type.
    private func ids(_ type: String) async throws -> [String] {
      try await formation.listStackResources("GhostInfraStack").filter { $0.type == type }
        .compactMap(\.physicalID)
    }

    private func balancer() async throws -> String {
      try #require(try await ids("AWS::ElasticLoadBalancingV2::LoadBalancer").first)
    }

    /// What somebody else does.
    private func act(_ service: String, _ call: String, _ parameters: String) async throws {
      try await cloud.control(
        "act",
        """
        {"service": "\(service)", "call": "\(call)", "parameters": \(parameters)}
        """)
    }

    @Test func `a repository tells whether tags can be moved, and whether images are scanned`()
      async throws
    {
      let before = try await ecr.describeRepository("ghost")
      #expect(before.name == "ghost")
      #expect(before.uri.hasSuffix(".dkr.ecr.us-west-2.amazonaws.com/ghost"))
      #expect(before.tagMutability == "MUTABLE")
      #expect(before.scansOnPush)
      try await act(
        "ecr", "put_image_tag_mutability",
        """
        {"repositoryName": "ghost", "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
         "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "latest*"}]}
        """)
      #expect(
        try await ecr.describeRepository("ghost").tagMutability == "IMMUTABLE_WITH_EXCLUSION")
    }

    @Test func `every page of images is read`() async throws {
      let all = try await ecr.describeImages("ghost")
      #expect(
        all.flatMap(\.tags).sorted() == ["v5.80.0-1", "v5.82.2-1", "v5.87.1-2", "v5.87.1-3"])
      #expect(
        all.allSatisfy { image in
          image.digest.hasPrefix("sha256:") && image.bytes > 0 && image.pushedMs != nil
            && image.status == "ACTIVE"
        })
      try await cloud.control("pages", #"{"ecr.DescribeImages": 1}"#)
      #expect(Set(try await ecr.describeImages("ghost").map(\.digest)).count == 4)
      #expect(try await cloud.calls(of: "DescribeImages").count == 5)
    }

    @Test func `an image is found by tag and by digest, and a missing one is not`() async throws {
      let digest = try #require(try await ecr.digest(of: "v5.87.1-3", in: "ghost"))
      #expect(try await ecr.digest(of: digest, in: "ghost") == digest)
      #expect(try await ecr.digest(of: "v9", in: "ghost") == nil)
    }

    @Test func `a repository keeps all images until it has rules`() async throws {
      #expect(try await ecr.getLifecyclePolicy("ghost") == nil)
      let rule =
        #"{\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"untagged\","#
        + #"\"countType\":\"imageCountMoreThan\",\"countNumber\":9},"#
        + #"\"action\":{\"type\":\"expire\"}}]}"#
      try await act(
        "ecr", "put_lifecycle_policy",
        #"{"repositoryName": "ghost", "lifecyclePolicyText": ""# + rule + #""}"#)
      #expect(try await ecr.getLifecyclePolicy("ghost")?.contains("imageCountMoreThan") == true)
    }

    @Test func `a repository that is not there is named by every call`() async {
      #expect(await isNotFound { _ = try await ecr.describeRepository("no") })
      #expect(await isNotFound { _ = try await ecr.describeImages("no") })
      #expect(await isNotFound { _ = try await ecr.digest(of: "v1", in: "no") })
      #expect(await isNotFound { _ = try await ecr.getLifecyclePolicy("no") })
    }

    @Test func `the load balancer is read with its listeners and what it is set to`()
      async throws
    {
      let arn = try await balancer()
      let read = try await balancing.describeLoadBalancer(arn)
      #expect(read.arn == arn)
      #expect(read.name == "Ghost-LB8A1-abcdefghijkl")
      #expect(read.state == "active")
      let listener = try #require(try await balancing.describeListeners(of: arn).first)
      #expect(listener.port == 443)
      #expect(listener.protocol == "HTTPS")
      #expect(listener.certificates.count == 1)
      #expect(listener.certificates.first?.hasPrefix("arn:aws:acm:") == true)
      let attributes = try await balancing.describeLoadBalancerAttributes(arn)
      #expect(!attributes.deletionProtection)
      try await cloud.control("balancer", #"{"state": "active_impaired"}"#)
      #expect(try await balancing.describeLoadBalancer(arn).state == "active_impaired")
    }

    @Test func `deletion protection is seen when it is on`() async throws {
      let arn = try await balancer()
      try await act(
        "elbv2", "modify_load_balancer_attributes",
        """
        {"LoadBalancerArn": "\(arn)",
         "Attributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]}
        """)
      #expect(try await balancing.describeLoadBalancerAttributes(arn).deletionProtection)
    }

    @Test func `the targets are the tasks, and say why they are ill`() async throws {
      let arn = try await balancer()
      let group = try #require(try await balancing.describeTargetGroups(of: arn).first)
      #expect(group.name == "Ghost-LBLis-abcdefghijkl")
      #expect(
        try await balancing.describeTargetHealth(group.arn) == [
          ElasticLoadBalancing.Target(
            id: "10.0.2.17", port: 2368, state: "healthy", reason: nil, description: nil)
        ])
      try await cloud.control("balancer", #"{"targets": "unhealthy"}"#)
      let ill = try #require(try await balancing.describeTargetHealth(group.arn).first)
      #expect(ill.state == "unhealthy")
      #expect(ill.reason == "Target.ResponseCodeMismatch")
      #expect(ill.description == "Health checks failed with these codes: [503]")
    }

    @Test func `every page of listeners is read`() async throws {
      let arn = try await balancer()
      let group = try #require(try await balancing.describeTargetGroups(of: arn).first)
      try await act(
        "elbv2", "create_listener",
        """
        {"LoadBalancerArn": "\(arn)", "Port": 80, "Protocol": "HTTP",
         "DefaultActions": [{"Type": "forward", "TargetGroupArn": "\(group.arn)"}]}
        """)
      try await cloud.control("pages", #"{"elbv2.DescribeListeners": 1}"#)
      let listeners = try await balancing.describeListeners(of: arn)
      #expect(listeners.map(\.protocol).sorted() == ["HTTP", "HTTPS"])
    }

    @Test func `a load balancer or target group that is not there is named`() async {
      let arn =
        "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/no/0123456789abcdef"
      let group = "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/no/0123456789"
      #expect(await isNotFound { _ = try await balancing.describeLoadBalancer(arn) })
      #expect(await isNotFound { _ = try await balancing.describeListeners(of: arn) })
      #expect(await isNotFound { _ = try await balancing.describeTargetGroups(of: arn) })
      #expect(await isNotFound { _ = try await balancing.describeLoadBalancerAttributes(arn) })
      #expect(await isNotFound { _ = try await balancing.describeTargetHealth(group) })
    }

    @Test func `NAT gateways are read, and what is not there is left out`() async throws {
      let id = try #require(try await ids("AWS::EC2::NatGateway").first)
      let found = try await ec2.describeNATGateways([id, "nat-0123456789abcdef0"])
      #expect(found.map(\.id) == [id])
      #expect(found.first?.state == "available")
      #expect(found.first?.subnet?.hasPrefix("subnet-") == true)
      try await cloud.control("network", #"{"nat": "failed"}"#)
      let failed = try #require(try await ec2.describeNATGateways([id]).first)
      #expect(failed.state == "failed")
      #expect(failed.failure?.contains("Internet gateway") == true)
    }

    @Test func `a refusal in EC2's own form is understood`() async throws {
      try await cloud.control(
        "faults",
        """
        [{"service": "ec2", "operation": "DescribeNatGateways", "code": "UnauthorizedOperation",
          "message": "You are not authorized to perform this operation.", "status": 403}]
        """)
      await #expect {
        _ = try await ec2.describeNATGateways(["nat-0123456789abcdef0"])
      } throws: {
        ($0 as? AWSError)?.sentence.contains("ec2:DescribeNatGateways") == true
      }
    }

    @Test func `a subscription waits until somebody confirms it`() async throws {
      #expect(try await sns.listSubscriptions(of: Self.topic).isEmpty)
      try await act(
        "sns", "subscribe",
        """
        {"TopicArn": "\(Self.topic)", "Protocol": "email", "Endpoint": "ops@example.com"}
        """)
      let waiting = try #require(try await sns.listSubscriptions(of: Self.topic).first)
      #expect(waiting.isPending)
      #expect(waiting.protocol == "email" && waiting.endpoint == "ops@example.com")
      try await cloud.control("sns", #"{"confirm": "ops@example.com"}"#)
      let confirmed = try #require(try await sns.listSubscriptions(of: Self.topic).first)
      #expect(!confirmed.isPending)
      #expect(confirmed.arn?.hasPrefix(Self.topic) == true)
    }

    @Test func `every page of subscriptions is read`() async throws {
      for name in ["a", "b"] {
        try await act(
          "sns", "subscribe",
          """
          {"TopicArn": "\(Self.topic)", "Protocol": "email", "Endpoint": "\(name)@example.com"}
          """)
      }
      try await cloud.control("pages", #"{"sns.ListSubscriptionsByTopic": 1}"#)
      #expect(try await sns.listSubscriptions(of: Self.topic).count == 2)
    }

    @Test func `a topic that is not there is named`() async {
      #expect(await isNotFound { _ = try await sns.listSubscriptions(of: Self.topic + "x") })
    }

    @Test func `no call broke a rule of the models`() async throws {
      let arn = try await balancer()
      _ = try await ecr.describeRepository("ghost")
      _ = try await ecr.describeImages("ghost")
      _ = try await balancing.describeTargetGroups(of: arn)
      _ = try await ec2.describeNATGateways(try await ids("AWS::EC2::NatGateway"))
      _ = try await sns.listSubscriptions(of: Self.topic)
      #expect(try await cloud.control("violations").entries == [])
    }
  }
}
