import GRDB
import Mustache
import Rules

/// One area of the site: how it stands, its one figure, and where more is told.
struct AreaCard: TemplateData {
  let label: String
  let path: String
  /// Nil where there is nothing to be well or ill.
  let tag: Tag?
  /// The key line.
  let figure: String
  /// What goes with it.
  let words: String

  static let fields: [Field<AreaCard>] = [
    .text("label", { $0.label }), .link("path", { $0.path }), .item("tag", { $0.tag }),
    .text("figure", { $0.figure }), .text("words", { $0.words }),
  ]
}

extension ResourceView {
  /// The areas of a site, from what was last read; none before anything was looked at.
  func cards(
    of site: Site, _ findings: [StoredFinding], in db: Database
  ) throws -> [AreaCard] {
    guard !findings.isEmpty else { return [] }
    let estate = try ObservationStore.estate(of: site.name, at: now, in: db)
    return [
      try card(BlogFacts.self, findings, in: db) { ($0.figure, $0.aside) },
      try card(ServiceFacts.self, besides: [.tasks, .rollouts], findings, in: db) {
        ($0.figure, "\($0.revision), \(estate.runningImage)")
      },
      try card(DatabaseFacts.self, besides: [.backups], findings, in: db) {
        (
          $0.status.capitalizedFirst,
          "\($0.storageGiB) GiB \($0.storageType), \(estate.lastSnapshot)"
        )
      },
      try card(BucketFacts.self, findings, in: db) {
        (
          $0.versioningWords.capitalizedFirst,
          $0.noncurrentDays.map { "Old versions kept \(Span.words(days: $0))" } ?? ""
        )
      },
      try card(MailFacts.self, besides: [.identities], path: "/mail", findings, in: db) {
        (MailStanding($0).words, $0.quota)
      },
      try costs(of: site, estate, in: db),
    ]
  }

  /// The card of what was read of one subject. What could not be read, or is old, is not known.
  private func card<Facts: Shown>(
    _ type: Facts.Type, besides others: Set<Subject> = [], path: String? = nil,
    _ findings: [StoredFinding], in db: Database,
    words: (Facts) -> (figure: String, aside: String)
  ) throws -> AreaCard {
    let subject = Facts.subject
    let standing = try Watch.of(subject).map {
      try self.standing(of: $0, besides: others, findings, in: db)
    }
    guard let standing, standing.isKnown, let facts = standing.facts as? Facts else {
      let last = (standing?.facts?.known).map { " Last seen: \($0)." } ?? ""
      return AreaCard(
        label: subject.label, path: path ?? subject.path,
        tag: Tag(max(standing?.health ?? .unknown, .unknown)), figure: "Not known",
        words: (standing?.whyUnknown(at: now) ?? "Nothing has been read yet.") + last)
    }
    let (figure, aside) = words(facts)
    return AreaCard(
      label: subject.label, path: path ?? subject.path, tag: Tag(standing.health), figure: figure,
      words: aside)
  }

  private func costs(of site: Site, _ estate: Estate, in db: Database) throws -> AreaCard {
    let cost = try EstateCost.now(of: site, estate, in: db).cost
    let spend = try SpendPart(of: site, at: now, in: db)
    let total = cost.total.flatMap { $0.low > .zero ? $0.low : nil }
    let unknown =
      cost.unknownCount == 0 ? "" : ", " + count(cost.unknownCount, "line") + " not known"
    return AreaCard(
      label: "Costs", path: Section.costs.path, tag: total == nil ? Tag(.unknown) : nil,
      figure: total.map { "\($0.formatted()) a month" } ?? "Not known",
      words: (total == nil ? "" : "At least, as it stands\(unknown). ")
        + "Paid in \(spend.month) so far: \(spend.total).")
  }
}

extension BlogFacts {
  /// What a reader gets.
  fileprivate var figure: String {
    if isStarting { return "Starting" }
    return status == 0 ? "No page" : "\(status) in \(ms) ms"
  }

  fileprivate var aside: String {
    if let problem { return problem }
    let ghost = version.isEmpty ? nil : "Ghost \(version)"
    let theme = (pageTheme ?? activeTheme).map { "theme \($0)" }
    return [ghost, theme].compactMap { $0 }.joined(separator: ", ")
  }
}

extension ServiceFacts {
  fileprivate var figure: String {
    "\(running) of \(desired) running" + (pending > 0 ? ", \(pending) starting" : "")
  }
}

extension MailFacts {
  fileprivate var quota: String {
    let limit = max24Hours < 0 ? "no limit" : "\(max24Hours)"
    return "\(sent24Hours) of \(limit) sent in 24 hours"
      + (sendingEnabled ? "" : ", sending is paused")
  }
}

extension Estate {
  /// How many characters of a digest or commit people read.
  private static let shortLength = 12

  /// The image that runs: the digest's start, what people call it, and the commit it is built from.
  fileprivate var runningImage: String {
    guard let digest = runningDigests.first else { return "the running image is not known" }
    let image = self[ImageFacts.self].facts?.image(digest)
    let hex = digest.split(separator: ":").last ?? ""
    let name = image.map(\.name).flatMap { digest.hasPrefix($0) ? nil : $0 }
    let commit = image?.commit.map { "commit \($0.prefix(Self.shortLength))" }
    return [String(hex.prefix(Self.shortLength)), name, commit].compactMap { $0 }
      .joined(separator: ", ")
  }

  /// How old the newest snapshot of the database is.
  fileprivate var lastSnapshot: String {
    guard let backups = self[BackupFacts.self].facts else { return "snapshots not known" }
    guard let last = backups.snapshots.compactMap(\.madeAt).max() else { return "no snapshot" }
    return "last snapshot \(When.relative(ms: now.since(last)))"
  }
}
