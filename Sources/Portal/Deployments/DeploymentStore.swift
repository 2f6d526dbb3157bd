import Foundation
import GRDB
import Rules

/// What was deployed, from the three places that know: changes, runs and rollouts.
enum DeploymentStore {
  /// Keeps rollouts as ECS tells of them now.
  static func keep(_ rollouts: [RolloutSummary], site: String, in db: Database) throws {
    for rollout in rollouts {
      guard let startedAt = rollout.startedAt else { continue }
      try db.cachedStatement(
        sql: """
          INSERT INTO rollouts (site, arn, status, reason, revision, digest, started_at, ended_at)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
          ON CONFLICT (site, arn) DO UPDATE SET
            status = ?3, reason = ?4, started_at = ?7, ended_at = ?8,
            revision = CASE ?5 WHEN '' THEN revision ELSE ?5 END,
            digest = CASE ?6 WHEN '' THEN digest ELSE ?6 END
          """
      ).execute(arguments: [
        site, rollout.arn, rollout.status, rollout.reason, rollout.revision, rollout.digest,
        startedAt.ms, rollout.endedAt?.ms,
      ])
    }
  }

  /// What fits, newest first.
  static func list(
    _ filter: DeploymentFilter, site: String, limit: Int, in db: Database
  ) throws -> [Deployment] {
    let areas = filter.area.map { [$0] } ?? Deployment.Area.allCases
    let before = filter.before ?? Moment(ms: .max)
    var all: [Deployment] = []
    if !filter.isOutside {
      all += try changes(areas, before: before, site: site, limit: limit, in: db)
    }
    all += try runs(areas, filter, before: before, site: site, limit: limit, in: db)
    if areas.contains(.service), !filter.isOutside {
      all += try rollouts(before: before, site: site, limit: limit, in: db)
    }
    return Array(all.sorted { ($0.at, $0.path) > ($1.at, $1.path) }.prefix(limit))
  }

  /// The deployment with this key; nil where there is none.
  static func find(_ key: String, site: String, in db: Database) throws -> Deployment? {
    guard let dash = key.firstIndex(of: "-") else { return nil }
    let id = String(key[key.index(after: dash)...])
    switch key[..<dash] {
    case "change":
      return try Int64(id).flatMap {
        try changes(Deployment.Area.allCases, number: $0, site: site, limit: 1, in: db).first
      }
    case "run":
      let kept = try Int64(id).flatMap { try RunStore.find($0, site: site, in: db) }
      let area = Deployment.Area.allCases.first { $0.workflow == kept?.run.file }
      return try kept.flatMap { kept in
        try area.map { try run(kept, $0, site: site, in: db) }
      }
    case "rollout": return try rollout(id, site: site, in: db)?.deployment
    default: return nil
    }
  }

  /// What was there of an area at a moment: the last that had brought what it was to bring. Not
  /// known where the last that is kept have all failed, or none is kept.
  static func live(
    _ area: Deployment.Area, at moment: Moment, site: String, in db: Database
  ) throws -> Deployment? {
    var filter = DeploymentFilter()
    filter.area = area
    filter.before = moment.adding(ms: 1)
    return try list(filter, site: site, limit: lookedBackMax, in: db).first { $0.outcome.isGood }
  }

  /// How many deployments are looked through for one that ended well.
  private static let lookedBackMax = 50

  private static func changes(
    _ areas: [Deployment.Area], before: Moment = Moment(ms: .max), number: Int64? = nil,
    site: String, limit: Int, in db: Database
  ) throws -> [Deployment] {
    let areaOfKind = Dictionary(
      uniqueKeysWithValues: areas.flatMap { area in area.kinds.map { ($0.id, area) } })
    let marks = areaOfKind.map { _ in "?" }.joined(separator: ", ")
    return try Row.fetchAll(
      db,
      sql: """
        SELECT number, kind, title, state, bytes, max(started_at) AS at, people.name
        FROM executions
        JOIN changes ON changes.id = executions.change_id
        JOIN plans ON plans.change_id = changes.id AND plans.revision = changes.revision
        JOIN people ON people.id = executor_id
        WHERE kind IN (\(marks)) AND plans.site = ? AND number = coalesce(?, number)
        GROUP BY number HAVING at < ? ORDER BY at DESC LIMIT ?
        """,
      arguments: StatementArguments(areaOfKind.keys) + [site, number, before.ms, limit]
    ).compactMap { row in
      guard let area = areaOfKind[row["kind"]], let state = ChangeState(rawValue: row["state"])
      else { return nil }
      let number: Int64 = row["number"]
      let plan = Plan(bytes: [UInt8](row["bytes"] as Data))
      let lines = plan.map { DiffLine.lines(of: $0) } ?? []
      let brought = lines.first
      return Deployment(
        key: "change-\(number)", at: Moment(ms: row["at"]), area: area, words: row["title"],
        who: row["name"],
        outcome: .change(state), path: "/changes/\(number)", change: number,
        from: brought?.before ?? "", to: brought?.after ?? "",
        others: max(0, lines.count - 1),
        cost: plan?.cost.lines.isEmpty == false ? plan?.cost.monthlyDifference : nil)
    }
  }

  private static func runs(
    _ areas: [Deployment.Area], _ filter: DeploymentFilter, before: Moment, site: String,
    limit: Int, in db: Database
  ) throws -> [Deployment] {
    let areaOfFile = Dictionary(
      uniqueKeysWithValues: areas.compactMap { area in area.workflow.map { ($0, area) } })
    var runFilter = RunFilter()
    runFilter.workflow = filter.area?.workflow
    runFilter.isOutside = filter.isOutside
    runFilter.before = RunFilter.Place(ms: before.ms, id: 0)
    guard !areaOfFile.isEmpty else { return [] }
    return try RunStore.list(runFilter, site: site, limit: limit, in: db).compactMap { kept in
      try areaOfFile[kept.run.file].map { try run(kept, $0, site: site, in: db) }
    }
  }

  private static func run(
    _ kept: RunStore.Kept, _ area: Deployment.Area, site: String, in db: Database
  ) throws -> Deployment {
    let run = kept.run
    let before = try RunStore.commit(before: run, site: site, in: db)
    return Deployment(
      key: "run-\(run.id)", at: run.createdAt, area: area, words: run.shownTitle, who: run.actor,
      outcome: run.isOver
        ? run.conclusion == "success" ? .good("run green") : .failed("run \(run.conclusion)")
        : .running("run \(run.status)"),
      path: "/workflows/runs/\(run.id)", change: kept.change, from: before ?? "",
      to: run.commit,
      commits: before.flatMap { $0 == run.commit ? nil : (from: $0, to: run.commit) })
  }

  private static let selectRollouts = """
    SELECT * FROM (
      SELECT arn, status, reason, revision, digest, started_at, ended_at,
        lag(revision) OVER (ORDER BY started_at) AS before
      FROM rollouts WHERE site = ?
    )
    """

  private static func rollouts(
    before: Moment, site: String, limit: Int, in db: Database
  ) throws -> [Deployment] {
    try Row.fetchAll(
      db, sql: selectRollouts + " WHERE started_at < ? ORDER BY started_at DESC LIMIT ?",
      arguments: [site, before.ms, limit]
    ).map { Rollout(row: $0).deployment }
  }

  /// The rollout with this id, the last part of its ARN; nil when none has been seen.
  static func rollout(_ id: String, site: String, in db: Database) throws -> Rollout? {
    try Row.fetchOne(
      db, sql: selectRollouts + " WHERE substr(arn, -length(?2)) = ?2 AND length(?2) > 1",
      arguments: [site, "/" + id]
    ).map(Rollout.init(row:))
  }
}
