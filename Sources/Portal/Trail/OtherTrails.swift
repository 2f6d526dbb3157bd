import GRDB
import Rules

/// Acts past Caretaker that GitHub and Ghost tell of.
extension TrailStore {
  /// Runs that deployed something and carry no mark of a change: started by hand on GitHub, or by a
  /// push to main.
  static func outside(
    _ facts: WorkflowFacts, since: Moment, in db: Database
  ) throws -> [OutsideAct] {
    try facts.workflows.flatMap(\.runs)
      .filter { $0.isOver && $0.conclusion == "success" && $0.deploys && $0.updatedAt >= since }
      .filter { try !isOfChange($0.mark, in: db) }
      .map { run in
        OutsideAct(
          source: "github", id: "\(run.id)-\(run.attempt)", at: run.updatedAt, who: run.actor,
          act: run.event == "push" ? "\(run.file) by a push" : "\(run.file) by hand",
          resource: "commit \(run.commit.prefix(12))")
      }
  }

  /// Whether a run of GitHub's that acted in AWS was asked for by a change.
  static func isOfChange(session: String, in db: Database) throws -> Bool {
    guard session.hasPrefix(sessionPrefix), let run = Int64(session.dropFirst(sessionPrefix.count))
    else { return false }
    let mark = try String.fetchOne(
      db, sql: "SELECT mark FROM runs WHERE id = ? AND mark IS NOT NULL", arguments: [run])
    return try isOfChange(mark, in: db)
  }

  /// What the workflows call their sessions in AWS, before the run's number.
  private static let sessionPrefix = "github-"

  private static func isOfChange(_ mark: String?, in db: Database) throws -> Bool {
    guard let mark else { return false }
    return try Bool.fetchOne(
      db, sql: "SELECT count(*) FROM changes WHERE id = ? AND state <> 'pending'",
      arguments: [mark]) ?? false
  }

  /// What Ghost's own log has about themes and settings, apart from themes that a change of
  /// Caretaker's sent and what was uploaded by a run of theme-deploy, which GitHub tells of.
  static func outside(
    _ actions: [GhostAction], since: Moment, in db: Database
  ) throws -> [OutsideAct] {
    try actions.filter { ["theme", "setting"].contains($0.resourceType) && $0.at >= since }
      .filter { try $0.actorType != "integration" || !isOurs($0, in: db) }
      .map { action in
        let name = action.resource.isEmpty ? action.resourceType : action.resource
        return OutsideAct(
          source: "ghost", id: action.id, at: action.at,
          who: SecretScan.redacted(action.actor), act: "\(action.resourceType) \(action.event)",
          resource: SecretScan.redacted(name))
      }
  }

  private static func isOurs(_ action: GhostAction, in db: Database) throws -> Bool {
    let apart = TrailFacts.clocksApartMs
    return try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM theme_deployments
            WHERE begun_at <= ?1 + ?2 AND coalesce(taken_at, ?1) >= ?1 - ?2)
          OR EXISTS (SELECT 1 FROM runs
            WHERE workflow = 'theme-deploy.yml' AND started_at <= ?1 + ?2
              AND updated_at >= ?1 - ?2)
        """,
      arguments: [action.at.ms, apart]) ?? false
  }
}
