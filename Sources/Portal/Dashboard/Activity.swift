import GRDB
import Mustache
import Rules

/// Something that was done, or that turned by itself, in one line.
struct Activity: TemplateData {
  let at: Moment
  let words: String
  /// Who; empty where nobody did it.
  let who: String
  let tag: Tag
  let href: String
  let now: Moment

  /// The most that are shown.
  static let shownMax = 10

  static let fields: [Field<Activity>] = [
    .item("tag", { $0.tag }), .text("words", { $0.words }), .link("href", { $0.href }),
    .text("who", { $0.who }), .item("when", { When($0.at, now: $0.now) }),
  ]
}

extension Activity {
  /// The last of everything, newest first: changes, runs of workflows, rollouts, and checks that
  /// turned.
  static func newest(site: String, at now: Moment, in db: Database) throws -> [Activity] {
    let deployments = try DeploymentStore.list(
      DeploymentFilter(), site: site, limit: shownMax, in: db)
    let told = Set(deployments.map(\.path))
    let all =
      try deployments.map { Activity($0, now: now) }
      + changes(at: now, in: db).filter { !told.contains($0.href) }
      + turns(site: site, at: now, in: db)
    return Array(all.sorted { ($0.at, $0.href) > ($1.at, $1.href) }.prefix(shownMax))
  }

  private init(_ deployment: Deployment, now: Moment) {
    let line = DeploymentLine(deployment: deployment, repository: nil, now: now)
    var name = ""
    if case .change = deployment.outcome, let number = deployment.change {
      name = "CR-\(number): "
    }
    self.init(
      at: deployment.at, words: name + line.words, who: deployment.who,
      tag: Tag(deployment.outcome),
      href: deployment.path, now: now)
  }

  /// The changes that somebody proposed, decided about or ran last.
  private static func changes(at now: Moment, in db: Database) throws -> [Activity] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT number, title, state, people.name, max(at) AS at FROM (
            SELECT * FROM (SELECT id, proposed_at AS at FROM changes ORDER BY number DESC LIMIT ?1)
            UNION ALL
            SELECT * FROM (SELECT change_id, at FROM votes ORDER BY votes.id DESC LIMIT ?1)
            UNION ALL
            SELECT * FROM (
              SELECT change_id, started_at FROM executions ORDER BY started_at DESC LIMIT ?1)
          ) AS events
          JOIN changes ON changes.id = events.id
          JOIN plans ON plans.change_id = changes.id AND plans.revision = changes.revision
          JOIN people ON people.id = requester_id
          GROUP BY number ORDER BY at DESC LIMIT ?1
          """),
      arguments: [shownMax]
    ).compactMap { row in
      guard let state = ChangeState(rawValue: row["state"]) else { return nil }
      let (number, title): (Int64, String) = (row["number"], row["title"])
      return Activity(
        at: Moment(ms: row["at"]), words: "CR-\(number): \(title)", who: row["name"],
        tag: Tag(state), href: "/changes/\(number)", now: now)
    }
  }

  /// Checks that came to fail, or to be met, after it was otherwise. What was found at the first
  /// look has not turned, and neither has what could not be told for a while.
  private static func turns(
    site: String, at now: Moment, in db: Database
  ) throws -> [Activity] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT turns.id, turns.at, turns.outcome, turns.state, severity
          FROM finding_turns AS turns
          JOIN findings ON findings.site = turns.site AND findings.id = turns.id
          WHERE turns.site = ?1 AND turns.outcome IN ('pass', 'fail') AND turns.outcome <> (
            SELECT outcome FROM finding_turns AS earlier
            WHERE earlier.site = ?1 AND earlier.id = turns.id AND earlier.at < turns.at
              AND earlier.outcome IN ('pass', 'fail')
            ORDER BY earlier.at DESC LIMIT 1)
          ORDER BY turns.at DESC LIMIT ?2
          """),
      arguments: [site, shownMax]
    ).map { row in
      let isMet = row["outcome"] == Finding.Outcome.pass.rawValue
      let severity = Health(rawValue: row["severity"]) ?? .unknown
      let id: String = row["id"]
      return Activity(
        at: Moment(ms: row["at"]), words: row["state"], who: "",
        tag: isMet ? Tag(.good, "Met again") : Tag(severity), href: "/findings/" + id, now: now)
    }
  }
}
