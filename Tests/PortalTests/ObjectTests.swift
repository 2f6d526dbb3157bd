import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import AWS
@testable import Portal

/// Deleted objects and older versions of the media bucket, asked of the AWS peer.
extension SettingKindTests {
  private static let cat = "content/images/2026/02/cat.png"
  private static let hero = "content/images/2026/01/hero.jpg"

  /// A portal whose bucket keeps what is overwritten or deleted.
  private func versioned() async throws -> Stage {
    try peer.act(
      "s3", "put_bucket_versioning",
      #"{"Bucket": "\#(CloudPeer.bucket)", "VersioningConfiguration": {"Status": "Enabled"}}"#)
    return try await stage()
  }

  private func delete(_ key: String) throws {
    try peer.act("s3", "delete_object", #"{"Bucket": "\#(CloudPeer.bucket)", "Key": "\#(key)"}"#)
  }

  private func put(_ key: String, _ body: String) throws {
    try peer.act(
      "s3", "put_object",
      #"{"Bucket": "\#(CloudPeer.bucket)", "Key": "\#(key)", "Body": "\#(body)"}"#)
  }

  private func versions(_ key: String, on stage: Stage) async throws -> [S3.ObjectVersion] {
    let means = directMeans(on: stage)
    return try await means.cloud.versions(of: key, in: CloudPeer.bucket).versions
  }

  /// What is asked for to make the version with this index current; 0 is the latest.
  private func asking(_ key: String, for index: Int, on stage: Stage) async throws -> String {
    let found = try await versions(key, on: stage)
    return "kind=s3.version&key=\(percentEncoded(key))&version=\(found[index].id)"
  }

  @Test func `deleted objects are counted and listed by prefix, with what brings them back`()
    async throws
  {
    let stage = try await versioned()
    for key in [Self.cat, Self.hero, "themes/casper-5.7.zip"] { try delete(key) }
    let browser = try await stage.browser(as: "operator")
    let all = await browser.get("/backups/deleted").text
    #expect(all.contains("3 deleted objects in the bucket."))
    #expect(all.contains("Bring back all 3"))
    let images = await browser.get("/backups/deleted?prefix=content/images/").text
    #expect(images.contains("2 deleted objects beginning with “content/images/”."))
    #expect(images.contains("2 KiB"))
    #expect(!images.contains("casper"))
    let none = await browser.get("/backups/deleted?prefix=nothing").text
    #expect(none.contains("0 deleted objects beginning with “nothing”."))
    let viewer = await (try stage.browser(as: "viewer")).get("/backups/deleted").text
    #expect(viewer.contains("cat.png"))
    #expect(!viewer.contains("/changes/preview"))
    try await stage.end()
  }

  @Test func `one deleted object comes back, and not one whose key begins with its own`()
    async throws
  {
    let stage = try await versioned()
    try put(Self.cat + ".bak", "1")
    for key in [Self.cat, Self.cat + ".bak"] { try delete(key) }
    let query = "kind=s3.restore&match=key&prefix=" + percentEncoded(Self.cat)
    let page = await (try stage.browser(as: "operator")).get("/backups/deleted").text
    #expect(page.contains("match=key&amp;prefix=\(percentEncoded(Self.cat))"))
    #expect(try await done(query, on: stage) == .succeeded)
    #expect(try await versions(Self.cat, on: stage).first?.isDeleteMarker == false)
    #expect(try await versions(Self.cat + ".bak", on: stage).first?.isDeleteMarker == true)
    #expect(
      try await Proposals.refusal(query, on: stage)
        .contains("There are no deleted objects with the key “\(Self.cat)”."))
    try await stage.end()
  }

  @Test func `what was deleted before the span that is asked for is not meant`() async throws {
    let stage = try await versioned()
    try delete(Self.cat)
    let means = directMeans(on: stage)
    let marks = try await means.cloud.deleted(DeletedSelection { _ in nil }, in: CloudPeer.bucket)
      .marks
    let mark = try #require(marks.first)
    let selection = DeletedSelection { $0 == "days" ? "7" : nil }
    let deletedAt = Moment(ms: mark.modifiedMs)
    #expect(selection.holds(mark, at: deletedAt.adding(ms: 7 * Span.day)))
    #expect(!selection.holds(mark, at: deletedAt.adding(ms: 7 * Span.day + 1)))
    #expect(selection.words == "in the bucket, deleted in the last 7 days")
    try await stage.end()
  }

  @Test func `a long list goes on behind its last key, and says that it counts the least`() {
    let marks = (0..<120).map { index in
      S3.ObjectVersion(
        key: "k\(1_000 + index)", id: "\(index)", isLatest: true, isDeleteMarker: true,
        modifiedMs: 0, sizeBytes: nil)
    }
    let all = DeletedSelection { _ in nil }
    let whole = S3.VersionList(versions: marks, next: nil)
    let first = DeletedObjects(all, in: whole, after: "", at: Moment(ms: 0))
    #expect(first.entries.count == 50)
    #expect(first.count == 120)
    #expect(first.next == "k1049")
    #expect(!first.isCut)
    let cut = S3.VersionList(versions: Array(marks.prefix(3)), next: "k1500")
    let part = DeletedObjects(all, in: cut, after: "k1000", at: Moment(ms: 0))
    #expect(part.entries.map(\.mark.key) == ["k1001", "k1002"])
    #expect(part.next == "k1500")
    #expect(part.isCut)
  }

  @Test func `what S3 answers instead of its list is said, and nothing is counted`() async throws {
    let stage = try await versioned()
    let browser = try await stage.browser(as: "operator")
    for path in ["/backups/deleted", "/backups/versions?key=\(Self.cat)"] {
      try peer.faults(
        #"[{"service": "s3", "operation": "ListObjectVersions", "times": 1, "status": 403,"#
          + #" "code": "AccessDenied"}]"#)
      let page = await browser.get(path)
      #expect(page.status == .ok)
      #expect(page.text.contains("The bucket could not be read."))
      #expect(page.text.contains("s3:ListBucketVersions"))
      #expect(!page.text.contains("0 deleted objects"))
      #expect(!page.text.contains("There is no such object"))
    }
    try await stage.end()
  }

  @Test func `an older version becomes current again, and the change can be put back`()
    async throws
  {
    let stage = try await versioned()
    try put(Self.cat, "overwritten by mistake")
    let page = await (try stage.browser(as: "operator"))
      .get("/backups/versions?key=\(percentEncoded(Self.cat))").text
    #expect(page.contains("Current"))
    #expect(page.contains("Make this version current"))
    let query = try await asking(Self.cat, for: 1, on: stage)
    let number = try await proposed(query, on: stage)
    #expect(try stage.change(number).storedState == .approved)
    #expect(try await run(number, on: stage).status == .seeOther)
    #expect(try await settled(number, on: stage) == .succeeded)
    let found = try await versions(Self.cat, on: stage)
    #expect(found.map(\.sizeBytes) == [2_048, 22, 2_048])
    #expect(try stage.change(number).plan.inverse?.form["version"] == found[1].id)
    #expect(try peer.violations().isEmpty)
    try await stage.end()
  }

  @Test func `a deleted object is made an older version of itself`() async throws {
    let stage = try await versioned()
    try put(Self.cat, "overwritten by mistake")
    try delete(Self.cat)
    #expect(try await done(try await asking(Self.cat, for: 2, on: stage), on: stage) == .succeeded)
    #expect(try await versions(Self.cat, on: stage).first?.sizeBytes == 2_048)
    try await stage.end()
  }

  @Test(arguments: ["overwritten", "deleted", "suspended", "removed"])
  func `a version is not made current when the object is not as it was`(how: String) async throws {
    let stage = try await versioned()
    try put(Self.cat, "overwritten by mistake")
    let number = try await proposed(try await asking(Self.cat, for: 1, on: stage), on: stage)
    switch how {
    case "overwritten": try put(Self.cat, "and again")
    case "deleted": try delete(Self.cat)
    case "suspended":
      try peer.act(
        "s3", "put_bucket_versioning",
        #"{"Bucket": "\#(CloudPeer.bucket)", "VersioningConfiguration": {"Status": "Suspended"}}"#)
    default:
      try peer.act(
        "s3", "delete_object",
        #"{"Bucket": "\#(CloudPeer.bucket)", "Key": "\#(Self.cat)", "VersionId": "null"}"#)
    }
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try stage.change(number).storedState == .stale)
    #expect(try peer.calls("CopyObject").isEmpty)
    try await stage.end()
  }

  @Test(arguments: ["before", "after"])
  func `a copy whose answer is lost is seen to be made or not, and never made twice by itself`(
    drop: String
  ) async throws {
    let stage = try await versioned()
    try put(Self.cat, "overwritten by mistake")
    let number = try await proposed(try await asking(Self.cat, for: 1, on: stage), on: stage)
    try peer.faults(
      #"[{"service": "s3", "operation": "CopyObject", "times": 1, "drop": "\#(drop)"}]"#)
    _ = try await run(number, on: stage)
    #expect(try await settled(number, on: stage) == .unknown)
    try await poll(stage)
    #expect(
      try stage.change(number).storedState == (drop == "after" ? .succeeded : .unknown))
    #expect(try await versions(Self.cat, on: stage).count == (drop == "after" ? 3 : 2))
    try await stage.end()
  }

  @Test func `a version that can't be made current is refused in words`() async throws {
    let stage = try await versioned()
    let latest = try await asking(Self.cat, for: 0, on: stage)
    #expect(try await Proposals.refusal(latest, on: stage).contains("is the current one already"))
    #expect(
      try await Proposals.refusal("kind=s3.version&key=nothing&version=1", on: stage)
        .contains("There is no object with the key “nothing”"))
    #expect(
      try await Proposals.refusal("kind=s3.version&key=\(Self.cat)&version=1", on: stage)
        .contains("has no version 1"))
    try delete(Self.cat)
    let marker = try await asking(Self.cat, for: 0, on: stage)
    #expect(try await Proposals.refusal(marker, on: stage).contains("a mark of deletion"))
    try await stage.end()
  }
}
