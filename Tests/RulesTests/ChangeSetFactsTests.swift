import Rules
import Testing

/// What a change set comes to.
struct ChangeSetFactsTests {
  private func change(
    _ type: String, _ action: String, replacement: String? = nil, policy: String = ""
  ) -> ResourceUpdate {
    ResourceUpdate(
      logicalID: "X", physicalID: "x", type: type,
      effect: ResourceUpdate.effect(action: action, replacement: replacement), policy: policy,
      properties: [])
  }

  @Test(
    arguments: [
      ("AWS::RDS::DBInstance", "Remove", nil, true),
      ("AWS::RDS::DBInstance", "Modify", "True", true),
      ("AWS::RDS::DBInstance", "Modify", "Conditional", true),
      ("AWS::RDS::DBInstance", "Dynamic", nil, true),
      ("AWS::RDS::DBInstance", "Modify", "False", false),
      ("AWS::RDS::DBInstance", "Add", nil, false),
      ("AWS::ECS::TaskDefinition", "Modify", "True", false),
      ("AWS::IAM::Role", "Remove", nil, false),
      ("AWS::S3::Bucket", "Remove", nil, true), ("AWS::Route53::RecordSet", "Remove", nil, true),
      ("AWS::Nobody::Knows", "Remove", nil, true), ("AWS::Nobody::Knows", "Modify", "True", true),
    ] as [(String, String, String?, Bool)])
  func `what goes and holds something can't be had back, and what nobody knows counts as such`(
    type: String, action: String, replacement: String?, loses: Bool
  ) {
    #expect(change(type, action, replacement: replacement).losesState == loses)
  }

  @Test func `the gravest is counted first, and what happens to the old one is said`() {
    let update = PlannedUpdate(
      arn: "arn", name: "plan-1", status: "CREATE_COMPLETE", reason: "", execution: "AVAILABLE",
      description: "", createdAt: nil,
      changes: [
        change("AWS::IAM::Role", "Add"), change("AWS::ECS::Service", "Modify"),
        change("AWS::RDS::DBInstance", "Modify", replacement: "True", policy: "ReplaceAndSnapshot"),
      ])
    #expect(update.counts == "1 replaced, 1 changed, 1 added")
    #expect(update.isIrreversible)
    #expect(
      update.changes[2].words
        == "RDS DBInstance X (x) is replaced by another one. The one there is now is deleted after "
        + "a last snapshot.")
  }

  @Test func `a property without values does not pretend to have some`() {
    #expect(
      PropertyUpdate(name: "Tags", before: "", after: "").words
        == "Tags changes; AWS does not say to what")
    #expect(PropertyUpdate(name: "Size", before: "", after: "2").words == "Size: not set → 2")
  }
}
