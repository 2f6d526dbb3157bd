import GRDB
import Rules

extension ChangeKind {
  /// Going on with a log that is behind its anchor: what was lost is named for ever, by two people.
  static let gapAcceptance = ChangeKind(
    id: "log.gap", label: "Go on behind a gap in the log",
    about: "Where entries that were anchored are lost.", ownPath: "/safety",
    formPage: Portal.safety, mendsLog: true,
    plan: { means, asked in
      let (behind, kept) = try await means.storage.read { db in
        (try AnchorStore.comparison(in: db)?.behind, try AnchorStore.anchoredThrough(in: db))
      }
      guard let behind else { throw PlanProblem("The log is not behind its anchor.") }
      return GapAcceptance.plan(
        change: asked.change, site: asked.site.name, anchored: behind.size, kept: kept)
    },
    read: { means, _ in
      let behind = try await means.storage.read { try AnchorStore.comparison(in: $0)?.behind }
      return [GapAcceptance.field: GapAcceptance.words(behind?.size)]
    },
    perform: { means, plan, _, _ in
      try await means.storage.write { [now = means.outside.now(), boot = means.boot] db in
        guard let change = try ChangeStore.find(id: plan.change, in: db) else { return }
        try AnchorStore.acceptGap(
          why: change.reason, by: .person(change.requester), boot: boot, at: now, in: db)
      }
      return "The log goes on as another line."
    })
}

/// Plans the record of what a log has lost.
enum GapAcceptance {
  static let field = "log.standing"

  static func plan(change: String, site: String, anchored: Int64, kept: Int64) -> Plan {
    Plan(
      change: change, kind: ChangeKind.gapAcceptance.id, site: site,
      title: "Go on with the log, of which entries through \(anchored) were anchored and are lost",
      guarding: .guarded, parameters: ["anchored": String(anchored), "kept": String(kept)],
      locks: ["log"], preconditions: [Reading(field, "The log", words(anchored))],
      steps: [
        Step(
          service: Step.ownService, operation: "AcceptGap",
          words: "Write what was lost, and why, into the log",
          parameters: ["anchored": String(anchored), "kept": String(kept)], recovery: .setTo)
      ],
      expected: [Reading(field, "The log", words(nil))], failure: [],
      verifyWithinMs: Span.minute,
      effects: [
        "Say in the reason what was lost, why, and from where it was restored: it stays for ever.",
        "Entries through \(kept) are the same as were anchored. The ones after that, through "
          + "\(anchored), were signed and anchored once, and are not here.",
        "Guarded changes can be run again.",
      ], cost: .none)
  }

  /// How the log stands against its anchor, in words.
  static func words(_ anchored: Int64?) -> String {
    anchored.map { "behind its anchor of \($0) entries" } ?? "goes on"
  }
}
