import Testing

@testable import AWS

extension DemoCloudTests {
  /// The stack's drift, its protection and its template.
  struct StackTests {
    private static let stack = "GhostInfraStack"

    private let cloud: DemoCloud
    private let formation: CloudFormation

    init() async throws {
      cloud = try await DemoCloud.fresh()
      formation = CloudFormation(try await cloud.client())
    }

    private func search() async throws -> CloudFormation.DriftDetection {
      let id = try await formation.detectStackDrift(Self.stack)
      let begun = try await formation.describeStackDriftDetectionStatus(id)
      #expect(begun.status == "DETECTION_IN_PROGRESS")
      #expect(begun.driftStatus == nil)
      try await cloud.control("clock", #"{"advance_s": 30}"#)
      return try await formation.describeStackDriftDetectionStatus(id)
    }

    @Test func `drift is not known before it is looked for`() async throws {
      let stack = try await formation.describeStack(Self.stack)
      #expect(stack.driftStatus == "NOT_CHECKED")
      #expect(stack.driftCheckedMs == nil)
      #expect(stack.updatedMs == nil)
      #expect(try await formation.describeStackResourceDrifts(Self.stack).isEmpty)
    }

    @Test func `a stack as its template says is in sync`() async throws {
      let found = try await search()
      #expect(found.status == "DETECTION_COMPLETE")
      #expect(found.driftStatus == "IN_SYNC")
      #expect(found.driftedCount == 0)
      let drifts = try await formation.describeStackResourceDrifts(Self.stack)
      #expect(Set(drifts.map(\.status)) == ["IN_SYNC"])
      #expect(drifts.allSatisfy { $0.checkedMs != nil && $0.differences.isEmpty })
    }

    @Test func `what somebody else has changed is found, with both values`() async throws {
      try await cloud.control("drift", #"{"rds_class": "db.t3.small"}"#)
      let found = try await search()
      #expect(found.driftStatus == "DRIFTED")
      #expect(found.driftedCount == 1)
      let stack = try await formation.describeStack(Self.stack)
      #expect(stack.driftStatus == "DRIFTED")
      #expect(stack.driftCheckedMs != nil)
      let drifts = try await formation.describeStackResourceDrifts(Self.stack)
      let database = try #require(drifts.first { $0.type == "AWS::RDS::DBInstance" })
      #expect(database.status == "MODIFIED")
      #expect(database.physicalID?.hasPrefix("ghostinfrastack-database") == true)
      #expect(
        database.differences == [
          CloudFormation.PropertyDifference(
            path: "/DBInstanceClass", expected: "db.t3.micro", actual: "db.t3.small",
            type: "NOT_EQUAL")
        ])
    }

    @Test func `every page of drifted resources is read`() async throws {
      _ = try await search()
      let all = try await formation.describeStackResourceDrifts(Self.stack)
      try await cloud.control("pages", #"{"cloudformation.DescribeStackResourceDrifts": 1}"#)
      #expect(try await formation.describeStackResourceDrifts(Self.stack) == all)
      #expect(try await cloud.calls(of: "DescribeStackResourceDrifts").count == 1 + all.count)
    }

    @Test func `one search is made at a time, and a lost answer is not asked for again`()
      async throws
    {
      try await cloud.control(
        "faults",
        #"[{"service": "cloudformation", "operation": "DetectStackDrift", "drop": "after"}]"#)
      await #expect {
        _ = try await formation.detectStackDrift(Self.stack)
      } throws: { ($0 as? AWSError)?.effect == .unknown }
      #expect(try await cloud.calls(of: "DetectStackDrift").count == 1)
      await #expect {
        _ = try await formation.detectStackDrift(Self.stack)
      } throws: { ($0 as? AWSError)?.effect == AWSError.Effect.none }
    }

    @Test func `termination protection is switched on and off`() async throws {
      #expect(try await !formation.describeStack(Self.stack).terminationProtection)
      try await formation.updateTerminationProtection(Self.stack, enabled: true)
      #expect(try await formation.describeStack(Self.stack).terminationProtection)
      try await formation.updateTerminationProtection(Self.stack, enabled: false)
      #expect(try await !formation.describeStack(Self.stack).terminationProtection)
    }

    @Test func `the template is text, as it was given and as it was processed`() async throws {
      let original = try await formation.getTemplate(Self.stack, stage: .original)
      let processed = try await formation.getTemplate(Self.stack, stage: .processed)
      #expect(original.contains("DatabaseB269D8BB:\n"))
      #expect(processed.hasPrefix("{"))
      #expect(processed.contains("\"DatabaseB269D8BB\""))
    }

    @Test func `a stack that is not there is named by every call`() async {
      #expect(await isNotFound { _ = try await formation.detectStackDrift("nobody") })
      #expect(await isNotFound { _ = try await formation.describeStackResourceDrifts("nobody") })
      #expect(await isNotFound { _ = try await formation.getTemplate("nobody", stage: .original) })
      #expect(
        await isNotFound {
          try await formation.updateTerminationProtection("nobody", enabled: true)
        })
    }
  }
}
