import GRDB
import Rules

/// Resources and findings. There are some dozens of them, and every poll writes them anew: they are
/// read as they are, where an index would be written every minute.
extension Search {
  /// The resources by name first, then what the checks found, then what the readings hold.
  func resources(in db: Database) throws -> [SearchHit] {
    let found = try findings(in: db)
    let (named, others) = try subjects(findings: found.all, in: db)
    return named + found.hits + others
  }

  private func findings(in db: Database) throws -> (hits: [SearchHit], all: [StoredFinding]) {
    let all = try FindingStore.all(site: site, at: view.now, in: db)
    let hits = all.filter { words.match(Self.text(of: $0)) }.map(finding)
    return (hits, all)
  }

  private static func text(of stored: StoredFinding) -> String {
    let finding = stored.finding
    return [
      finding.expectation, finding.state, finding.why, finding.remedy, finding.id,
      finding.subject.label,
    ].joined(separator: " ")
  }

  func finding(_ stored: StoredFinding) -> SearchHit {
    let finding = stored.finding
    let texts = [finding.state, finding.why, finding.remedy]
    return SearchHit(
      title: finding.expectation, href: "/findings/" + finding.id,
      detail: finding.subject.label + ": "
        + words.excerpt(of: texts.first(where: words.touch) ?? finding.state),
      tag: Tag(stored), when: When(stored.since, now: view.now), words: words)
  }

  /// Those that have the words in their name, and those that have them in what was last read.
  private func subjects(
    findings: [StoredFinding], in db: Database
  ) throws -> (named: [SearchHit], others: [SearchHit]) {
    let holding = try holding(in: db)
    let named = Watch.all.filter { words.match($0.subject.label) }
    let others = Watch.all.filter {
      !words.match($0.subject.label) && holding.contains($0.subject.rawValue)
    }
    let seen = try ObservationStore.all(site: site, in: db)
    return (
      try resources(named, findings, seen, in: db), try resources(others, findings, seen, in: db)
    )
  }

  /// Subjects whose last reading holds every word, anywhere: the middle of an ARN as well.
  private func holding(in db: Database) throws -> Set<String> {
    let marks = words.all.map { _ in "AND instr(lower(value), ?) > 0" }.joined(separator: " ")
    return try String.fetchSet(
      db, sql: "SELECT subject FROM observations WHERE site = ? AND value IS NOT NULL \(marks)",
      arguments: StatementArguments([site] + words.all))
  }

  func resources(
    _ watches: [Watch], _ findings: [StoredFinding], _ seen: [Subject: Observation],
    in db: Database
  ) throws -> [SearchHit] {
    if watches.isEmpty { return [] }
    return try view.lines(of: watches, findings, seen, in: db).map {
      resource($0, facts: seen[$0.subject]?.facts)
    }
  }

  private func resource(_ line: ResourceLine, facts: (any Shown)?) -> SearchHit {
    let texts =
      (facts?.details ?? []).map { "\($0.label): \($0.value)" }
      + (facts?.tables ?? []).flatMap { table in table.rows.map { $0.joined(separator: ", ") } }
    let isKnown = words.match(line.subject.label) || words.touch(line.known)
    let detail = isKnown ? nil : texts.first(where: words.touch)
    return SearchHit(
      title: line.subject.label, href: line.subject.path,
      detail: words.excerpt(of: detail ?? line.known),
      tag: line.tag, when: line.when, words: words)
  }
}
