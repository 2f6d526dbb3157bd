import AWS
import HTTP
import HTTPTypes
import Mustache
import Rules

extension Portal {
  /// The versions of one object, asked of S3 as a preview would. Changes nothing.
  func showObjectVersions(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let means = means(at: configuration.sites[0])
    let key = visit.form["key"] ?? ""
    let kept = try await storage.read { try KeptVersions(site: means.cloud.site.name, in: $0) }
    let (found, failure) = try await asked {
      key.isEmpty
        ? nil
        : try await means.cloud.versions(
          of: key, in: means.ids(at: means.cloud.site).bucket)
    }
    return page(
      VersionsPage(
        key: key, kept: kept, found: found ?? nil, failure: failure,
        mayPropose: person.may(.propose), now: visit.now), for: visit)
  }
}

/// What an object was, and is.
struct VersionsPage: Page {
  /// Empty before one is asked for.
  let key: String
  let kept: KeptVersions
  /// Nil where no key was asked for or S3 could not be.
  let found: (versions: [S3.ObjectVersion], isCut: Bool)?
  let failure: String
  let mayPropose: Bool
  let now: Moment

  static let template = "media/versions"
  static let section: Section? = .backups
  var title: String { "Versions of an object" }

  static let fields: [Field<VersionsPage>] = [
    .text("key", { $0.key }), .text("kept", { $0.kept.words }), .text("failure", { $0.failure }),
    .flag("asked", { $0.found != nil }), .list("versions", { $0.lines }),
    .flag("any", { !$0.lines.isEmpty }), .flag("cut", { $0.found?.isCut ?? false }),
    .text("most", { _ in "\(Cloud.versionsOfOneMax)" }), .flag("mayPropose", { $0.mayPropose }),
    .flag("deleted", { $0.found?.versions.first?.isDeleteMarker ?? false }),
    .link("restore", { DeletedPage.restore(DeletedSelection(key: $0.key)) }),
  ]

  /// The address of the page of an object.
  static func path(of key: String) -> String { "/backups/versions?" + query(["key": key]) }

  private var lines: [VersionLine] {
    (found?.versions ?? []).map { VersionLine(version: $0, mayPropose: mayPropose, now: now) }
  }
}

/// One version of an object.
struct VersionLine: TemplateData {
  let version: S3.ObjectVersion
  let mayPropose: Bool
  let now: Moment

  static let fields: [Field<VersionLine>] = [
    .item("tag", { $0.tag }), .item("when", { When($0.at, now: $0.now) }),
    .text("absolute", { $0.at.local }), .text("size", { $0.size }),
    .item("id", { Cut($0.version.id) }), .link("makeCurrent", { $0.path }),
    .flag("older", { $0.mayPropose && !$0.version.isLatest && !$0.version.isDeleteMarker }),
  ]

  private var at: Moment { Moment(ms: version.modifiedMs) }
  private var size: String { version.sizeBytes.map(bytes) ?? "" }

  private var tag: Tag {
    switch (version.isLatest, version.isDeleteMarker) {
    case (true, true): Tag("attention", "Deleted")
    case (true, false): Tag("good", "Current")
    case (false, true): Tag("neutral", "Deletion")
    case (false, false): Tag("neutral", "Older")
    }
  }

  private var path: String {
    "/changes/preview?"
      + query([
        "kind": ChangeKind.objectVersion.id, "key": version.key, "version": version.id,
      ])
  }
}
