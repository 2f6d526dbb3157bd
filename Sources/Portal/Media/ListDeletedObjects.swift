import AWS
import GRDB
import HTTP
import HTTPTypes
import Mustache
import Rules

extension Portal {
  /// Deleted objects of the media bucket, asked of S3 as a preview would. Changes nothing.
  func listDeletedObjects(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let means = means(at: configuration.sites[0])
    let selection = DeletedSelection { visit.form[$0] }
    let after = visit.form["after"] ?? ""
    let kept = try await storage.read { try KeptVersions(site: means.cloud.site.name, in: $0) }
    let (found, failure) = try await asked {
      try await means.cloud.deletedObjects(
        selection, in: means.ids(at: means.cloud.site).bucket, after: after)
    }
    return page(
      DeletedPage(
        selection: selection, after: after, kept: kept, found: found, failure: failure,
        mayPropose: person.may(.propose), now: visit.now), for: visit)
  }

  /// What AWS answers to a page that asks it, or why it doesn't.
  func asked<Answer>(
    _ read: () async throws -> Answer
  ) async throws -> (answer: Answer?, failure: String) {
    do {
      return (try await read(), "")
    } catch let error as any SpokenError {
      return (nil, error.sentence)
    }
  }
}

/// What the media bucket keeps, in a sentence.
struct KeptVersions: Sendable {
  let words: String

  /// As last read.
  init(site: String, in db: Database) throws {
    let facts = try ObservationStore.facts(BucketFacts.self, site: site, in: db)?.facts
    let days = facts?.noncurrentDays.map { "for \(Span.words(days: $0))" } ?? "for ever"
    words =
      switch facts?.versioning {
      case "enabled": "What is deleted or overwritten in the bucket is kept \(days)."
      case "suspended":
        "Versioning is suspended: what was kept so far stays \(days), and what is deleted or "
          + "overwritten now is gone."
      case nil: "It is not known yet whether the bucket keeps what is deleted."
      default: "Versioning is off: what is deleted or overwritten is gone."
      }
  }
}

/// Deleted objects that can be brought back.
struct DeletedPage: Page {
  let selection: DeletedSelection
  let after: String
  let kept: KeptVersions
  /// Nil where S3 could not be asked.
  let found: DeletedObjects?
  let failure: String
  let mayPropose: Bool
  let now: Moment

  static let template = "media/deleted"
  static let section: Section? = .backups
  var title: String { "Deleted objects" }

  static let fields: [Field<DeletedPage>] = [
    .text("kept", { $0.kept.words }), .text("failure", { $0.failure }),
    .text("prefix", { $0.selection.prefix }), .list("spans", { $0.spans }),
    .item("counted", { $0.counted.map(Sentence.init) }),
    .list("objects", { $0.lines }), .flag("any", { $0.found?.entries.isEmpty == false }),
    .link("restoreAll", { Self.restore($0.selection) }),
    .flag("restorable", { $0.isRestorable }), .text("label", { $0.label }),
    .flag("tooMany", { $0.isTooMany }), .text("most", { _ in "\(ObjectRestore.objectsMax)" }),
    .flag("mayPropose", { $0.mayPropose }), .flag("more", { $0.found?.next != nil }),
    .link("next", { $0.nextPath }),
  ]

  private var spans: [Choice] {
    [Choice(value: "any", label: "Any time", isSelected: selection.days == nil)]
      + DeletedSelection.spans.map {
        Choice(
          value: String($0), label: Span.words(days: $0), isSelected: $0 == selection.days)
      }
  }

  /// The count preview: how many there are, as far as was looked.
  private var counted: String? {
    guard let found else { return nil }
    let place = after.isEmpty ? "" : ", behind “\(after)”"
    let number = count(found.count, "deleted object") + " \(selection.words)\(place)"
    guard found.isCut else { return number + "." }
    return "At least \(number): the first \(DeletedObjects.versionsMax) versions were looked at."
  }

  private var lines: [DeletedLine] {
    (found?.entries ?? []).map {
      DeletedLine(mark: $0.mark, size: $0.bytes, mayPropose: mayPropose, now: now)
    }
  }

  /// Whether all of the selection can be asked for at once.
  private var isRestorable: Bool {
    guard mayPropose, after.isEmpty, let found, !found.isCut else { return false }
    return (2...ObjectRestore.objectsMax).contains(found.count)
  }

  private var isTooMany: Bool {
    guard mayPropose, let found else { return false }
    return found.isCut || found.count > ObjectRestore.objectsMax
  }

  private var label: String { "Bring back all \(found?.count ?? 0)" }

  /// The address of the preview that brings a selection back.
  static func restore(_ selection: DeletedSelection) -> String {
    "/changes/preview?"
      + query(selection.form.merging(["kind": ChangeKind.objectRestore.id]) { $1 })
  }

  private var nextPath: String {
    "/backups/deleted?"
      + query([
        "prefix": selection.prefix, "days": selection.form["days"] ?? "",
        "after": found?.next ?? "",
      ])
  }
}

/// One deleted object.
struct DeletedLine: TemplateData {
  let key: String
  let when: When
  let size: String
  let restore: String
  let versions: String
  let mayPropose: Bool

  static let fields: [Field<DeletedLine>] = [
    .item("key", { Cut($0.key) }), .text("name", { $0.key }), .item("when", { $0.when }),
    .text("size", { $0.size }), .link("restore", { $0.restore }),
    .link("versions", { $0.versions }), .flag("mayPropose", { $0.mayPropose }),
  ]
}

extension DeletedLine {
  /// - Parameter size: The bytes of what the mark covers; nil where that was not listed.
  init(mark: S3.ObjectVersion, size: Int64?, mayPropose: Bool, now: Moment) {
    self.init(
      key: mark.key, when: When(Moment(ms: mark.modifiedMs), now: now),
      size: size.map(bytes) ?? "not known",
      restore: DeletedPage.restore(DeletedSelection(key: mark.key)),
      versions: VersionsPage.path(of: mark.key), mayPropose: mayPropose)
  }
}
