import Mustache

/// A page with a table of 100 rows, printed by its template beside the same bytes put together by
/// hand.
enum Rendering {
  private static let rounds = 15
  private static let perRound = 200

  struct PagesDiffer: Error {}

  /// Microseconds for a page from its template, and by hand, as the middle of several rounds that
  /// take turns.
  static func measure() throws -> (templateUs: Double, byHandUs: Double) {
    let library = try Library(sources: ["table": TablePage.template])
    let template = try library.template("table", for: TablePage.self)
    let page = TablePage(rows: (0..<100).map(TablePage.Row.init))
    guard template.render(page) == page.byHand() else { throw PagesDiffer() }
    var times: (template: [Double], byHand: [Double]) = ([], [])
    for _ in 0..<rounds {
      times.template.append(timeUs { template.render(page) })
      times.byHand.append(timeUs { page.byHand() })
    }
    return (times.template.sorted()[rounds / 2], times.byHand.sorted()[rounds / 2])
  }

  private static func timeUs(_ render: () -> [UInt8]) -> Double {
    var byteCount = 0
    let spent = ContinuousClock().measure {
      for _ in 0..<perRound { byteCount += render().count }
    }
    precondition(byteCount > 0)  // Every page was made.
    return spent / .microseconds(1) / Double(perRound)
  }
}
