import Foundation
import Testing

@testable import AWS

/// Every call against the demo cloud, which checks signatures and parameters. One after the other:
/// they share its state.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DemoCloudTests {
  private static let cluster = "GhostInfraStack-ClusterEB0386A7-uKRK9EARdnII"
  private static let service = "GhostInfraStack-ServiceD69D759B-zBJvyMYoz8vS"
  private static let logGroup = "GhostInfraStack-GhostLogs42350297-yG1J1bF43DL9"
  private static let family = "GhostInfraStackTaskDefB54D3F05"
  private static let bucket = "ghostinfrastack-ghostmedia4b1c1d0e-abcdefghijkl"
  private static let database = "ghostinfrastack-database12345678-abcdefghijkl"

  private let cloud: DemoCloud
  private let client: Client

  init() async throws {
    cloud = try await DemoCloud.fresh()
    client = try await cloud.client()
  }

  @Test func `STS says who calls`() async throws {
    let identity = try await STS(client).getCallerIdentity()
    #expect(identity.account == "123456789012")
    #expect(identity.arn.hasPrefix("arn:aws:"))
  }

  @Test func `CloudFormation describes the stack and lists its resources`() async throws {
    let stack = try await CloudFormation(client).describeStack("GhostInfraStack")
    #expect(stack.status.hasSuffix("_COMPLETE"))
    let resources = try await CloudFormation(client).listStackResources("GhostInfraStack")
    #expect(resources.count >= 40)
    #expect(
      resources.first { $0.type == "AWS::ECS::Service" }?.physicalID?.contains(Self.service)
        == true)
  }

  @Test func `every page of a stack's resources is read`() async throws {
    let all = try await CloudFormation(client).listStackResources("GhostInfraStack")
    try await cloud.control("pages", #"{"cloudformation.ListStackResources": 7}"#)
    let paged = try await CloudFormation(client).listStackResources("GhostInfraStack")
    try await cloud.control("pages", "{}")
    #expect(paged == all)
    #expect(try await cloud.calls(of: "ListStackResources").count > 2)
  }

  @Test func `a stack that is not there is named`() async throws {
    let formation = CloudFormation(client)
    #expect(await isNotFound { _ = try await formation.describeStack("NoSuchStack") })
    #expect(await isNotFound { _ = try await formation.listStackResources("NoSuchStack") })
  }

  @Test func `ECS describes the service`() async throws {
    let service = try await ECS(client).describeService(
      cluster: Self.cluster, service: Self.service)
    #expect(service.name == Self.service)
    #expect(service.status == "ACTIVE")
    #expect(service.desiredCount == 1)
    #expect(service.taskDefinition.contains(Self.family))
    #expect(service.deployments.first?.status == "PRIMARY")
  }

  @Test func `a service or cluster that is not there is named`() async throws {
    let ecs = ECS(client)
    #expect(
      await isNotFound { _ = try await ecs.describeService(cluster: Self.cluster, service: "no") })
    #expect(
      await isNotFound { _ = try await ecs.describeService(cluster: "no", service: Self.service) })
  }

  @Test func `the count of a service is set`() async throws {
    let answer = try await ECS(client).updateService(
      cluster: Self.cluster, service: Self.service, desiredCount: 2, taskDefinition: nil)
    #expect(answer.desiredCount == 2)
    let call = try #require(try await cloud.calls(of: "UpdateService").first)
    #expect(call.members["parameters"]?.members["taskDefinition"] == nil)
  }

  @Test func `a task definition is copied in another size, with its tags and one more`()
    async throws
  {
    let ecs = ECS(client)
    let service = try await ecs.describeService(cluster: Self.cluster, service: Self.service)
    let before = try await ecs.describeTaskDefinition(service.taskDefinition, includeTags: true)
    #expect(before.arn == service.taskDefinition)
    #expect(before.containers.first?.image.contains("ghost") == true)
    let arn = try await ecs.registerTaskDefinition(
      basedOn: before, cpu: "2048", memory: "4096", tags: ["caretaker:change": "CR-1"])
    let after = try await ecs.describeTaskDefinition(arn, includeTags: true)
    #expect(after.revision > before.revision)
    #expect(after.cpu == "2048")
    #expect(after.memory == "4096")
    #expect(after.tags["caretaker:change"] == "CR-1")
    #expect(after.containers == before.containers)
    #expect(after.description != before.description)
    #expect(try await ecs.listTaskDefinitions(family: Self.family).first == arn)
    let updated = try await ecs.updateService(
      cluster: Self.cluster, service: Self.service, desiredCount: nil, taskDefinition: arn)
    #expect(updated.taskDefinition == arn)
  }

  @Test func `a description has the same bytes each time it is read`() async throws {
    let ecs = ECS(client)
    let first = try await ecs.describeTaskDefinition(Self.family, includeTags: false)
    let second = try await ecs.describeTaskDefinition(first.arn, includeTags: true)
    #expect(first.description == second.description)
    #expect(!String(decoding: first.description, as: UTF8.self).contains("registeredAt"))
  }

  @Test func `every page of task definitions is read, newest first`() async throws {
    let all = try await ECS(client).listTaskDefinitions(family: Self.family)
    try await cloud.control("pages", #"{"ecs.ListTaskDefinitions": 1}"#)
    let paged = try await ECS(client).listTaskDefinitions(family: Self.family)
    try await cloud.control("pages", "{}")
    #expect(all.count > 1)
    #expect(paged == all)
  }

  @Test func `RDS describes the database and changes its class`() async throws {
    let rds = RDS(client)
    let before = try await rds.describeDBInstance(id: Self.database)
    #expect(before.instanceClass == "db.t3.micro")
    #expect(before.engine == "mysql")
    #expect(!before.multiAZ)
    #expect(before.backupRetentionDays == 1)
    #expect(before.pendingModifiedValues.isEmpty)
    let answer = try await rds.modifyDBInstance(
      id: Self.database, changes: RDS.InstanceChanges(instanceClass: "db.t3.small"),
      applyImmediately: false)
    #expect(answer.instanceClass == "db.t3.micro")
    #expect(answer.pendingModifiedValues == ["DBInstanceClass": "db.t3.small"])
    #expect(await isNotFound { _ = try await rds.describeDBInstance(id: "no-such-database") })
  }

  @Test func `a class that RDS does not have is refused, with nothing done`() async throws {
    let rds = RDS(client)
    await #expect {
      _ = try await rds.modifyDBInstance(
        id: Self.database, changes: RDS.InstanceChanges(instanceClass: "db.z99.huge"),
        applyImmediately: true)
    } throws: { error in
      guard let error = error as? AWSError else { return false }
      return error.effect == .none && error.status == 400
    }
  }

  @Test func `S3 says whether the bucket keeps versions`() async throws {
    let s3 = S3(client)
    #expect(try await s3.getBucketVersioning(Self.bucket) == .never)
    #expect(await isNotFound { _ = try await s3.getBucketVersioning("no-such-bucket-here") })
  }

  @Test func `an object is placed once, kept, listed and read`() async throws {
    let s3 = S3(client)
    let bucket = "example-caretaker-anchors"
    #expect(try await s3.getObjectLock(bucket) == .onRequest)
    #expect(try await s3.getObjectLock(Self.bucket) == .none)
    let until = "2099-12-31T00:00:00Z"
    for number in 1...5 {
      let placing = try await s3.place(
        Array("text \(number)".utf8), at: "a/b c/\(number)", in: bucket, lockedUntil: until)
      #expect(placing == .placed)
    }
    let again = try await s3.place(
      Array("other".utf8), at: "a/b c/3", in: bucket, lockedUntil: until)
    #expect(again == .taken)
    #expect(try await s3.getObject("a/b c/3", in: bucket) == Array("text 3".utf8))
    #expect(try await s3.listObjects(bucket, prefix: "a/", after: nil).count == 5)
    #expect(
      try await s3.listObjects(bucket, prefix: "a/", after: "a/b c/3") == ["a/b c/4", "a/b c/5"])
    #expect(try await s3.listObjects(bucket, prefix: "b/", after: nil) == [])
    #expect(await isNotFound { _ = try await s3.getObject("a/9", in: bucket) })
    #expect(await isNotFound { _ = try await s3.getObject("a/9", in: "no-such-bucket-here") })
    #expect(
      await isNotFound { _ = try await s3.listObjects("no-such-bucket", prefix: "", after: nil) })
  }

  @Test func `Logs describes the group`() async throws {
    let logs = Logs(client)
    #expect(try await logs.describeLogGroup(Self.logGroup).retentionInDays == 731)
    // A prefix of a group's name is not a group.
    #expect(await isNotFound { _ = try await logs.describeLogGroup("GhostInfraStack") })
  }

  @Test func `there are no alarms in the demo's region`() async throws {
    #expect(try await CloudWatch(client).describeAlarms() == [])
  }

  @Test func `SES tells of the sandbox and of a review`() async throws {
    let before = try await SES(client).getAccount()
    #expect(!before.productionAccess)
    #expect(before.sendingEnabled)
    #expect(before.max24HourSend == 200)
    #expect(before.enforcementStatus == "HEALTHY")
    #expect(before.reviewStatus == nil)
  }

  @Test func `the Price List gives one price for one class, and none for a class there is not`()
    async throws
  {
    let pricing = Pricing(client)
    func prices(_ instanceClass: String) async throws -> [PriceListProduct] {
      try await pricing.products(
        service: "AmazonRDS",
        filters: [
          "regionCode": "us-west-2", "instanceType": instanceClass, "databaseEngine": "MySQL",
          "deploymentOption": "Single-AZ",
        ])
    }
    let found = try await prices("db.t3.micro")
    #expect(found.count == 1)
    #expect(found.first?.unit == "Hrs")
    #expect(found.first?.pricePerUnitUSD.hasPrefix("0.017") == true)
    #expect(try await prices("db.none.at-all") == [])
  }

  @Test func `every page of prices is read`() async throws {
    let filters = ["regionCode": "us-west-2"]
    let all = try await Pricing(client).products(service: "AmazonECS", filters: filters)
    try await cloud.control("pages", #"{"pricing.GetProducts": 2}"#)
    let paged = try await Pricing(client).products(service: "AmazonECS", filters: filters)
    try await cloud.control("pages", "{}")
    #expect(all.count > 2)
    #expect(paged == all)
  }

  @Test func `a write that AWS acted on and did not answer is unknown, and is made once`()
    async throws
  {
    try await cloud.control(
      "faults",
      #"[{"service": "ecs", "operation": "UpdateService", "times": 1, "drop": "after"}]"#)
    let ecs = ECS(client)
    await #expect {
      _ = try await ecs.updateService(
        cluster: Self.cluster, service: Self.service, desiredCount: 3, taskDefinition: nil)
    } throws: { ($0 as? AWSError)?.effect == .unknown }
    #expect(try await cloud.calls(of: "UpdateService").count == 1)
    let service = try await ecs.describeService(cluster: Self.cluster, service: Self.service)
    #expect(service.desiredCount == 3)
  }

  @Test func `a read is made again after a reset and after a 503`() async throws {
    try await cloud.control(
      "faults",
      #"""
      [{"service": "rds", "operation": "DescribeDBInstances", "times": 1, "drop": "before"},
       {"service": "rds", "operation": "DescribeDBInstances", "times": 1, "status": 503,
        "code": "ServiceUnavailable"}]
      """#)
    #expect(try await RDS(client).describeDBInstance(id: Self.database).engine == "mysql")
  }

  @Test func `no call broke a rule of AWS's models`() async throws {
    _ = try await SES(client).getAccount()
    #expect(try await cloud.control("violations").entries == [])
  }
}
