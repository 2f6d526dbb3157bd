import HTTP
import Mustache
import Rules

/// What the database can be restored from, and whether anybody has tried.
struct BackupsPage: Page {
  /// What was last seen; nil before the first look.
  let seen: Observation?
  let view: ResourceView
  let kept: KeptVersions
  /// How the portal itself is backed up.
  let own: OwnBackupCard
  let tests: [RestoreTest]
  let problems: [Mistake]
  /// What stands in the form for a restore that was tried.
  let typed: Form
  let mayPropose: Bool
  let mayRecord: Bool
  let sorting: Sorting<SnapshotSummary>

  static let template = "backups/index"
  static let section: Section? = .backups
  var title: String { "Backups" }

  static let fields: [Field<BackupsPage>] = [
    .text("state", { $0.state }), .text("failure", { $0.seen?.failure ?? "" }),
    .item("when", { $0.when }), .flag("stale", { $0.isStale }),
    .list("snapshots", { $0.snapshots }), .list("heads", { $0.sorting.heads }),
    .flag("anySnapshot", { !$0.snapshots.isEmpty }),
    .flag("known", { $0.facts != nil }), .text("kept", { $0.kept.words }),
    .item("own", { $0.own }),
    .list("acts", { _ in acts }),
    .flag("mayPropose", { $0.mayPropose }), .flag("mayRecord", { $0.mayRecord }),
    .item("tested", { RestoreStanding($0.tests, now: $0.view.now) }),
    .list("tests", { page in page.tests.map { RestoreTestLine(test: $0, now: page.view.now) } }),
    .flag("anyTest", { !$0.tests.isEmpty }),
    .text("what", { $0.typed["what"] ?? "" }), .text("note", { $0.typed["note"] ?? "" }),
    .flag("didWork", { $0.typed["worked"] == "yes" }),
    .flag("didNotWork", { $0.typed["worked"] == "no" }),
  ]

  /// What can be asked for here, the quickest first.
  private static let acts = [
    Act(label: "Take a snapshot", kind: .databaseSnapshot),
    Act(label: "Restore to a new database", kind: .databaseRestore),
    Act(label: "Set how long backups are kept", kind: .databaseRetention),
  ]

  private struct Act: TemplateData {
    let label: String
    let kind: ChangeKind
    static let fields: [Field<Act>] = [
      .text("label", { $0.label }), .link("href", { $0.kind.formPath }),
    ]
  }

  private var facts: BackupFacts? { seen?.facts as? BackupFacts }
  private var when: When? { seen?.observedAt.map { When($0, now: view.now) } }
  private var isStale: Bool {
    seen?.observedAt.map { view.now.since($0) > view.staleMs } ?? false
  }

  /// How far back one can go, in words.
  private var state: String {
    guard let facts else { return "Nothing is known of the backups yet." }
    guard let newest = facts.newest else { return "There is no backup." }
    let age = "The newest backup was made \(When.relative(ms: view.now.since(newest))). "
    guard let from = facts.restorableFrom, let to = facts.restorableTo else {
      return age + "There are no automated backups: only the snapshots can be restored."
    }
    return age + "The database can be restored to any moment from \(from.local) to \(to.local)."
  }

  private var snapshots: [SnapshotLine] {
    sorting.sorted(facts?.snapshots ?? []).map {
      SnapshotLine(
        snapshot: $0, isPublic: facts?.publicSnapshots.contains($0.id) ?? false, now: view.now,
        mayPropose: mayPropose)
    }
  }
}

/// One snapshot in the table.
struct SnapshotLine: TemplateData {
  let snapshot: SnapshotSummary
  let isPublic: Bool
  let now: Moment
  let mayPropose: Bool

  static let fields: [Field<SnapshotLine>] = [
    .text("name", { $0.snapshot.id }),
    .text("kind", { $0.snapshot.kind }), .text("state", { $0.state }),
    .flag("public", { $0.isPublic }),
    .item("when", { line in line.snapshot.madeAt.map { When($0, now: line.now) } }),
    .text("size", { "\($0.snapshot.storageGiB) GiB" }),
    .text("encrypted", { $0.snapshot.isEncrypted ? "yes" : "no" }),
    .text("engine", { $0.snapshot.engineVersion }),
    .flag("restorable", { $0.mayPropose && $0.snapshot.status == "available" }),
    .link("restore", { $0.restorePath }),
  ]

  private var state: String {
    snapshot.status + (snapshot.percent < 100 ? ", \(snapshot.percent) %" : "")
  }

  private var restorePath: String {
    ChangeKind.databaseRestore.formPath + "&"
      + query(["from": RestoreOrigin.from(snapshot: snapshot.id)])
  }
}

/// How long ago a restore is known to have worked.
struct RestoreStanding: TemplateData {
  let tag: Tag
  let words: String

  static let fields: [Field<RestoreStanding>] = [
    .item("tag", { $0.tag }), .text("words", { $0.words }),
  ]

  /// - Parameter tests: The newest first.
  init(_ tests: [RestoreTest], now: Moment) {
    guard let last = tests.first(where: \.worked) else {
      tag = Tag(.danger)
      words = "Nobody has noted that a restore worked. Until then nobody knows that one does."
      return
    }
    let ageMs = now.since(last.at)
    let isFresh = ageMs <= Expectation.restoreTestAgeMs
    let isNewest = tests.first?.worked == true
    tag = Tag(isFresh && isNewest ? .good : .danger)
    words =
      "A restore last worked \(When.relative(ms: ageMs))."
      + (isNewest ? "" : " The newest one did not.")
      + (isFresh ? "" : " Try one at least every \(Span.words(ms: Expectation.restoreTestAgeMs)).")
  }
}

/// A restore that somebody tried.
struct RestoreTestLine: TemplateData {
  let test: RestoreTest
  let now: Moment

  static let fields: [Field<RestoreTestLine>] = [
    .item("tag", { Tag($0.test.worked ? "good" : "danger", $0.test.worked ? "Worked" : "Failed") }),
    .text("what", { $0.test.what }), .text("note", { $0.test.note }),
    .text("person", { $0.test.personName }), .item("when", { When($0.test.at, now: $0.now) }),
  ]
}

extension Sorting<SnapshotSummary> {
  /// The order of the snapshots, in a table that says more to who may restore one.
  static func ofSnapshots(_ visit: Visit, mayPropose: Bool) -> Self {
    Sorting(
      [
        Column("Snapshot", "name") { $0.id }, Column("Kind", "kind") { $0.kind }, Column("State"),
        Column("Made", "made") { $0.madeAt?.ms ?? .max }, Column("Size", "size") { $0.storageGiB },
        Column("Encrypted"), Column("Engine"),
      ] + (mayPropose ? [Column("Restore")] : []), path: "/backups", asked: visit)
  }
}
