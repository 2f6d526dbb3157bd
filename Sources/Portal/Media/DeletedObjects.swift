import AWS
import Foundation
import Rules

/// Which deleted objects are meant: by key, and by when they were deleted.
struct DeletedSelection: Sendable {
  /// A key, or what keys begin with; empty for all.
  let prefix: String
  /// Whether the key alone is meant, and not every key that begins with it.
  let isKey: Bool
  /// Deleted in the last so many days; nil for whenever.
  let days: Int64?

  /// The spans that can be chosen, in days.
  static let spans: [Int64] = [1, 7, 30]

  /// A span that ends now, `in the last 7 days`.
  static func lastWords(_ days: Int64) -> String {
    "in the last " + (days == 1 ? "day" : Span.words(days: days))
  }

  /// What a form or an address says, by the names of its fields.
  init(_ field: (String) -> String?) {
    isKey = field("match") == "key"
    let typed = field("prefix") ?? ""
    // A key may begin or end with a space; what is typed seldom means to.
    prefix = isKey ? typed : typed.trimmingCharacters(in: .whitespaces)
    days = field("days").flatMap { Int64($0) }.flatMap { Self.spans.contains($0) ? $0 : nil }
  }

  /// The one object with a key.
  init(key: String) { (prefix, isKey, days) = (key, true, nil) }

  /// `key` or `prefix`, as forms and plans say it.
  var match: String { isKey ? "key" : "prefix" }

  /// What the form of the change says for this selection.
  var form: [String: String] {
    ["prefix": prefix, "match": match, "days": days.map(String.init) ?? "any"]
  }

  /// Whether a delete marker is meant.
  func holds(_ marker: S3.ObjectVersion, at now: Moment) -> Bool {
    guard marker.isLatest, marker.isDeleteMarker else { return false }
    let isRecent = days.map { marker.modifiedMs >= now.adding(ms: -$0 * Span.day).ms } ?? true
    return isRecent && (!isKey || marker.key == prefix)
  }

  /// What is meant, in words that follow “objects”: `beginning with “content/”`.
  var words: String {
    let span = days.map { ", deleted \(Self.lastWords($0))" } ?? ""
    if isKey { return "with the key “\(prefix)”" + span }
    return (prefix.isEmpty ? "in the bucket" : "beginning with “\(prefix)”") + span
  }
}

/// Deleted objects that could be brought back, as S3 listed them: one page.
struct DeletedObjects: Sendable {
  /// The marks of deletion, by key, with the size of what each covers where that was listed.
  let entries: [(mark: S3.ObjectVersion, bytes: Int64?)]
  /// How many were found, also of those that are not in `entries`.
  let count: Int
  /// The key behind which the next page begins; nil when there is none.
  let next: String?
  /// Whether S3 has more than was looked at, so that the count is the least.
  let isCut: Bool

  /// How many a page shows.
  static let pageMax = 50
  /// How many versions are looked at for one page: five answers of S3.
  static let versionsMax = 5_000

  /// - Parameter found: A part of the list, in its order.
  init(_ selection: DeletedSelection, in found: S3.VersionList, after: String, at now: Moment) {
    var covered: [String: Int64] = [:]
    for version in found.versions where covered[version.key] == nil {
      covered[version.key] = version.sizeBytes
    }
    let marks = found.versions.filter { selection.holds($0, at: now) && $0.key != after }
    let shown = marks.prefix(Self.pageMax)
    entries = shown.map { ($0, covered[$0.key]) }
    count = marks.count
    isCut = found.isCut
    next = marks.count > shown.count ? shown.last?.key : found.next
  }
}

extension Cloud {
  /// A page of the deleted objects of a bucket, by key.
  func deletedObjects(
    _ selection: DeletedSelection, in bucket: String, after: String
  ) async throws -> DeletedObjects {
    let found = try await s3.listObjectVersions(
      bucket, prefix: selection.prefix, after: after, limit: DeletedObjects.versionsMax)
    return DeletedObjects(selection, in: found, after: after, at: now())
  }
}
