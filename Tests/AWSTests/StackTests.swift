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

    /// What a search finds.
    private func search() async throws -> String {
      try await formation.detectStackDrift(Self.stack)
      #expect(try await formation.describeStack(Self.stack).driftStatus == "NOT_CHECKED")
      try await cloud.control("clock", #"{"advance_s": 30}"#)
      let stack = try await formation.describeStack(Self.stack)
      #expect(stack.driftCheckedMs != nil)
      return stack.driftStatus
    }

    @Test func `drift is not known before it is looked for`() async throws {
      let stack = try await formation.describeStack(Self.stack)
      #expect(stack.driftStatus == "NOT_CHECKED")
      #expect(stack.driftCheckedMs == nil)
      #expect(stack.updatedMs == nil)
    }

    @Test func `a stack as its template says is in sync`() async throws {
      #expect(try await search() == "IN_SYNC")
    }

    @Test func `what somebody else has changed is found`() async throws {
      try await cloud.control("drift", #"{"rds_class": "db.t3.small"}"#)
      #expect(try await search() == "DRIFTED")
    }

    @Test func `one search is made at a time, and a lost answer is not asked for again`()
      async throws
    {
      try await cloud.control(
        "faults",
        #"[{"service": "cloudformation", "operation": "DetectStackDrift", "drop": "after"}]"#)
      await #expect {
        try await formation.detectStackDrift(Self.stack)
      } throws: { ($0 as? AWSError)?.effect == .unknown }
      #expect(try await cloud.calls(of: "DetectStackDrift").count == 1)
      await #expect {
        try await formation.detectStackDrift(Self.stack)
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
      #expect(await isNotFound { try await formation.detectStackDrift("nobody") })
      #expect(await isNotFound { _ = try await formation.getTemplate("nobody", stage: .original) })
      #expect(
        await isNotFound {
          try await formation.updateTerminationProtection("nobody", enabled: true)
        })
    }
  }
}
