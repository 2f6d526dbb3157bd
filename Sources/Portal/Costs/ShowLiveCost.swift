import HTTP
import HTTPTypes
import Mustache
import Rules

/// What a form asks for would cost: a part of a page, for a script that shows it beside the form.
struct LiveCostPage: Page {
  /// Nil where nothing has a price, and where there is no plan.
  let cost: CostTable?
  /// Why there is no plan.
  let why: String

  static let template = "costs/live"
  static let section: Section? = nil
  var title: String { "Cost" }

  static let fields: [Field<LiveCostPage>] = [
    .item("cost", { $0.cost }), .text("why", { $0.why }),
  ]
}

extension Portal {
  /// The cost block that the preview of a form would have. Stores nothing.
  func showLiveCost(_ visit: Visit) async throws -> Response {
    guard let kind = ChangeKind.named(visit.field("kind")) else { throw Failure.notFound }
    do {
      let plan = try await plan(of: kind, visit)
      return page(
        LiveCostPage(cost: CostTable.of(plan, at: visit.now), why: ""), for: visit)
    } catch let problem as PlanProblem {
      return page(LiveCostPage(cost: nil, why: problem.sentence), for: visit)
    }
  }
}
