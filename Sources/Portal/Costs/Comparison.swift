import GRDB
import Mustache
import Rules

/// What a change that was run was to cost, beside what was paid since.
struct Comparison: Sendable {
  let change: Change
  let difference: PaidDifference
  /// Other changes of the same service in the days compared, which the figures hold too.
  let others: [Int64]

  /// How many of the changes that were done last are compared.
  static let changesMax = 50

  /// The changes of a site that were done and had a price, newest first.
  static func all(of site: Site, at now: Moment, in db: Database) throws -> [Comparison] {
    let done = try ChangeStore.list(
      states: [ChangeState.succeeded.rawValue], before: .max, limit: changesMax, in: db
    ).sound.filter { $0.plan.site == site.name }
    let since = Day(number: Day(now).number - SpendStore.keptMs / Span.day)
    let spend =
      site.usesCostExplorer ? try SpendStore.days(site: site.name, from: since, in: db) : nil
    let runs = try done.compactMap { change in
      try ExecutionStore.run(of: change.id, in: db).flatMap { run in
        PaidDifference(of: change.plan, run: run, spend: spend, now: now).map { (change, run, $0) }
      }
    }
    let span = (PaidDifference.days + 1) * Span.day
    return runs.map { change, run, difference in
      let others = runs.filter { other, otherRun, otherDifference in
        other.id != change.id && otherDifference.service == difference.service
          && otherRun.to > run.from.adding(ms: -span) && otherRun.from < run.to.adding(ms: span)
      }
      return Comparison(
        change: change, difference: difference, others: others.map(\.0.number).sorted())
    }
  }
}

extension ExecutionStore {
  /// When a change was run, from its first attempt to its end; nil when it was not, or goes on.
  static func run(of change: String, in db: Database) throws -> (from: Moment, to: Moment)? {
    let row = try Row.fetchOne(
      db,
      sql: "SELECT min(started_at), max(finished_at) FROM executions WHERE change_id = ?",
      arguments: [change])
    guard let from: Int64 = row?[0], let to: Int64 = row?[1] else { return nil }
    return (Moment(ms: from), Moment(ms: to))
  }
}

/// A comparison in words.
struct ComparisonLine: TemplateData {
  let name: String
  let href: String
  let service: String
  let predicted: String
  let before: String
  let after: String
  let actual: String
  let note: String

  static let fields: [Field<ComparisonLine>] = [
    .text("name", { $0.name }), .link("href", { $0.href }), .text("service", { $0.service }),
    .text("predicted", { $0.predicted }), .text("before", { $0.before }),
    .text("after", { $0.after }), .text("actual", { $0.actual }), .text("note", { $0.note }),
  ]

  init(_ comparison: Comparison) {
    let difference = comparison.difference
    name = "CR-\(comparison.change.number): \(comparison.change.plan.title)"
    href = "/changes/\(comparison.change.number)"
    service = difference.service
    predicted = difference.predicted?.formattedDifference() ?? "not known"
    actual = difference.actual?.formattedDifference() ?? "not known"
    switch difference.paid {
    case .known(let paidBefore, let paidAfter, let isEstimated):
      before = paidBefore.formatted()
      after = paidAfter.formatted()
      note = Self.note(isEstimated: isEstimated, others: comparison.others)
    case .notBefore(let day):
      (before, after) = ("not known", "not known")
      note = "Seven whole days after it are over on \(day.start.dayWords)."
    case .notKnown(let why):
      (before, after) = ("not known", "not known")
      note = why
    }
  }

  private static func note(isEstimated: Bool, others: [Int64]) -> String {
    var notes: [String] = []
    if !others.isEmpty {
      let names = others.map { "CR-\($0)" }.joined(separator: ", ")
      notes.append("The figures hold \(names) too.")
    }
    if isEstimated { notes.append("AWS's estimates, until the bill.") }
    return notes.joined(separator: " ")
  }
}

extension Moment {
  /// The day in words, `24 November 2026`.
  var dayWords: String { String(words.prefix { $0 != "," }) }
}
