import AWS
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The kinds of change of the database, against the AWS peer.
@Suite(.serialized) struct DatabaseChangeTests: CloudSuite {
  let peer: CloudPeer

  init() throws {
    peer = try CloudPeer.ofDatabase.get()
    try peer.reset()
  }

  private func rds(of stage: Stage) -> RDS {
    directMeans(on: stage).cloud.rds
  }

  private func preview(_ query: String, on stage: Stage) async throws -> Response {
    await (try stage.browser(as: "operator")).get("/changes/preview?" + query)
  }

  @Test(arguments: [
    ("kind=rds.retention&days=7", Guarding.logged, ["ModifyDBInstance"]),
    ("kind=rds.multi-az&multi_az=on&when=now", .guarded, ["ModifyDBInstance"]),
    ("kind=rds.multi-az&multi_az=on", .guarded, ["ModifyDBInstance"]),
    ("kind=rds.deletion-protection&protection=on", .logged, ["ModifyDBInstance"]),
    ("kind=rds.storage&gib=40&type=gp3", .guarded, ["ModifyDBInstance"]),
    ("kind=rds.snapshot", .logged, ["CreateDBSnapshot"]),
    ("kind=rds.reboot", .guarded, ["RebootDBInstance"]),
    (
      "kind=rds.restore&from=latest&id=ghost-restored", .guarded,
      ["RestoreDBInstanceToPointInTime"]
    ),
    (
      "kind=rds.encryption", .guarded,
      ["CreateDBSnapshot", "CopyDBSnapshot", "RestoreDBInstanceFromDBSnapshot"]
    ),
  ])
  func `a change of the database runs to its end, each call made once`(
    query: String, guarding: Guarding, calls: [String]
  ) async throws {
    let stage = try await stage()
    let number = try await ready(query, on: stage)
    #expect(try stage.change(number).plan.guarding == guarding)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    for call in calls { #expect(try peer.calls(call).count == 1, "\(call)") }
    try await stage.end()
  }

  @Test func `turning protection off and keeping fewer days need a second person`() async throws {
    let stage = try await stage()
    for query in ["kind=rds.retention&days=7", "kind=rds.deletion-protection&protection=on"] {
      let number = try await ready(query, on: stage)
      _ = try await run(number, on: stage)
      #expect(try await settled(number, on: stage) == .succeeded)
    }
    let fewer = try await proposed("kind=rds.retention&days=1", on: stage)
    #expect(try stage.change(fewer).plan.guarding == .guarded)
    let off = try await proposed("kind=rds.deletion-protection&protection=off", on: stage)
    #expect(try stage.change(off).plan.guarding == .guarded)
    #expect(try stage.change(off).plan.inverse?.form == ["protection": "on"])
    try await stage.end()
  }

  @Test func `what can't be done to the database is refused in words, and nothing is called`()
    async throws
  {
    let stage = try await stage()
    for (query, words) in Self.refused {
      let response = try await preview(query, on: stage)
      #expect(response.status == .unprocessableContent, "\(query)")
      #expect(response.text.contains(words), "\(words)")
    }
    for call in ["ModifyDBInstance", "CreateDBSnapshot", "RestoreDBInstanceToPointInTime"] {
      #expect(try peer.calls(call).isEmpty, "\(call)")
    }
    try await stage.end()
  }

  private static let refused = [
    ("kind=rds.retention&days=0", "RDS deletes every automated backup at once"),
    ("kind=rds.retention&days=36", "RDS keeps backups for 1 to 35 days, not 36."),
    ("kind=rds.retention&days=1", "Days that backups are kept is “1 day” already."),
    ("kind=rds.retention&days=x", "as a whole number"),
    ("kind=rds.multi-az&multi_az=off", "The database runs in one zone already."),
    ("kind=rds.multi-az&multi_az=maybe", "Choose on or off."),
    (
      "kind=rds.deletion-protection&protection=off",
      "Deletion protection of the database is “off” already."
    ),
    ("kind=rds.storage&gib=10&type=gp2", "Storage never shrinks."),
    ("kind=rds.storage&gib=21&type=gp2", "Ask for 22 GiB or more."),
    ("kind=rds.storage&gib=20&type=gp2", "The database has 20 GiB gp2 already."),
    ("kind=rds.storage&gib=9223372036854775807&type=gp2", "at most 65536 GiB"),
    ("kind=rds.storage&gib=40&type=io1", "Choose gp2 or gp3"),
    ("kind=rds.restore&from=&id=ghost-2", "Choose what to restore."),
    ("kind=rds.restore&from=snapshot%3Anone&id=ghost-2", "There is no snapshot none"),
    ("kind=rds.restore&from=moment&at=yesterday&id=ghost-2", "Write the moment as"),
    (
      "kind=rds.restore&from=moment&at=2020-01-01T00:00&id=ghost-2",
      "before the first moment that is kept"
    ),
    (
      "kind=rds.restore&from=moment&at=2099-01-01T00:00&id=ghost-2",
      "after the last moment that is kept"
    ),
    ("kind=rds.restore&from=latest&id=2-ghost", "beginning with a letter"),
    ("kind=rds.restore&from=latest&id=", "beginning with a letter"),
    (
      "kind=rds.restore&from=latest&id=\(CloudPeer.database)",
      "There is a database \(CloudPeer.database) already."
    ),
  ]

  @Test(arguments: [
    "kind=rds.retention&days=7", "kind=rds.multi-az&multi_az=on", "kind=rds.storage&gib=40",
    "kind=rds.deletion-protection&protection=on", "kind=rds.reboot", "kind=rds.encryption",
    "kind=rds.restore&from=latest&id=ghost-restored",
  ])
  func `a class that has moved since makes a change of the database stale`(query: String)
    async throws
  {
    let stage = try await stage()
    let number = try await ready(query, on: stage)
    try peer.drift(#"{"rds_class": "db.t3.small"}"#)
    let response = try await run(number, on: stage)
    #expect(response.text.contains("Class was db.t3.micro, is db.t3.small now"))
    #expect(try stage.change(number).storedState == .stale)
    try await stage.end()
  }

  @Test func `what a change is about, moved by somebody else, makes it stale`() async throws {
    let stage = try await stage()
    let retention = try await ready("kind=rds.retention&days=7", on: stage)
    let protection = try await ready("kind=rds.deletion-protection&protection=on", on: stage)
    let snapshot = try await ready("kind=rds.snapshot", on: stage)
    _ = try await rds(of: stage).modifyDBInstance(
      id: CloudPeer.database,
      changes: RDS.InstanceChanges(backupRetentionDays: 14, deletionProtection: true),
      applyImmediately: false)
    _ = try await rds(of: stage).rebootDBInstance(id: CloudPeer.database)
    for (number, words) in [
      (retention, "Days that backups are kept was 1 day, is 14 days now"),
      (protection, "Deletion protection of the database was off, is on now"),
      (snapshot, "Status was available, is rebooting now"),
    ] {
      #expect(try await run(number, on: stage).text.contains(words), "\(words)")
      #expect(try stage.change(number).storedState == .stale)
    }
    #expect(try peer.calls("CreateDBSnapshot").isEmpty)
    try await stage.end()
  }

  @Test func `a preview says what a standby and more storage cost`() async throws {
    let stage = try await stage()
    let standby = try await preview("kind=rds.multi-az&multi_az=on", on: stage).text
    for words in [
      "RDS db.t3.micro, Single-AZ", "RDS db.t3.micro, Multi-AZ",
      "RDS gp2 storage, Single-AZ, $0.115 a GB-month",
      "RDS gp2 storage, Multi-AZ, $0.23 a GB-month", "$14.71 → $29.42 a month", "+$14.71",
    ] {
      #expect(standby.contains(words), "\(words)")
    }
    let storage = try await preview("kind=rds.storage&gib=40&type=gp2", on: stage).text
    #expect(storage.contains("$2.30 → $4.60 a month"))
    #expect(storage.contains("It can never be made smaller again."))
    #expect(!storage.contains("RDS db.t3.micro, Single-AZ"))
    try await stage.end()
  }

  @Test func `a restored database has what the old one has, and protection`() async throws {
    let stage = try await stage()
    let snapshot = try await ready("kind=rds.snapshot", on: stage)
    _ = try await run(snapshot, on: stage)
    #expect(try await settled(snapshot, on: stage) == .succeeded)
    let id = try #require(try stage.change(snapshot).plan.parameters["snapshot"])
    let number = try await ready(
      "kind=rds.restore&from=snapshot%3A\(id)&id=Ghost-Restored", on: stage)
    #expect(try stage.change(number).plan.cost.monthlyDifference?.formatted() == "$14.71")
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    let old = try await rds(of: stage).describeDBInstance(id: CloudPeer.database)
    let new = try await rds(of: stage).describeDBInstance(id: "ghost-restored")
    #expect(new.securityGroupIDs == old.securityGroupIDs)
    #expect(new.subnetGroup == old.subnetGroup)
    #expect(new.parameterGroup == old.parameterGroup)
    #expect(new.instanceClass == old.instanceClass)
    #expect(new.deletionProtection && !new.publiclyAccessible)
    try await stage.end()
  }

  @Test func `the database is restored to a moment of the days that are kept`() async throws {
    let stage = try await stage()
    let cloud = directMeans(on: stage).cloud
    let minute = cloud.now().adding(ms: -Span.hour).iso.prefix("2026-11-24T10:05".count)
    let number = try await ready(
      "kind=rds.restore&from=moment&at=\(minute)&id=ghost-restored", on: stage)
    let step = try #require(try stage.change(number).plan.steps.first)
    #expect(step.parameters["RestoreTime"] == minute + "Z")
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `an encrypted copy is restored beside the database, which stays as it is`()
    async throws
  {
    let stage = try await stage()
    let number = try await ready("kind=rds.encryption&id=ghost-safe", on: stage)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    let rds = rds(of: stage)
    #expect(try await rds.describeDBInstance(id: "ghost-safe").storageEncrypted)
    #expect(try await rds.describeDBInstance(id: CloudPeer.database).storageEncrypted == false)
    try await stage.end()
  }

  @Test func `every finding about the database leads to the change that mends it`() async throws {
    let stage = try await stage()
    let findings = try stage.portal.storage.readNow {
      try FindingStore.all(site: "blog", of: .database, at: stage.clock.now, in: $0)
    }
    let mends = findings.compactMap(\.finding.mend)
    #expect(
      Set(mends.map(\.kind)) == [
        "rds.retention", "rds.multi-az", "rds.encryption", "rds.deletion-protection",
      ])
    let browser = try await stage.browser(as: "operator")
    for mend in mends {
      #expect(await browser.get(mend.path).status == .ok, "\(mend.kind)")
    }
    try await stage.end()
  }

  @Test func `every form of a kind of the database shows what is so now`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    for kind in ChangeKind.all where kind.id.hasPrefix("rds.") && kind.ownPath == nil {
      #expect(await browser.get(kind.formPath).status == .ok, "\(kind.id)")
    }
    #expect(await browser.get("/changes/new?kind=rds.storage").text.contains(#"value="20""#))
    #expect(await browser.get("/changes/new?kind=rds.multi-az").text.contains("Off (as now)"))
    let restore = await browser.get("/changes/new?kind=rds.restore").text
    #expect(restore.contains("snapshot:ghost-before-5-87"))
    try await stage.end()
  }
}
