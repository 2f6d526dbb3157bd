import Mustache
import Rules

/// What a search has found, or why there was none.
struct SearchFound: Sendable {
  let typed: String
  var problem: Mistake? = nil
  var isEmpty = false
  /// The one kind that was asked for.
  var area: SearchArea? = nil
  var groups: [SearchGroup] = []
  /// What the person opened last, where nothing was typed.
  var recent: SearchGroup? = nil
  let readsLog: Bool
  /// How many of the log's newest entries can't be found yet.
  var left: Int64 = 0

  var state: String {
    if problem != nil { return "Nothing was searched for." }
    if isEmpty { return "Nothing is typed yet." }
    let hits = groups.reduce(0) { $0 + $1.hits.count }
    guard hits > 0 else { return "Nothing has all these words." }
    let isMore = groups.contains { !$0.more.isEmpty }
    return count(hits, "hit") + (isMore ? ", and there are more." : ".")
  }

  /// What the log can't be searched for yet; empty where it can be for all.
  var behind: String {
    left > 0
      ? "\(count(left, "entry", "entries")) of the log can't be found yet. They are taken up in "
        + "the order they were written in." : ""
  }
}

/// The search, with everything it found.
struct SearchPage: Page {
  let found: SearchFound

  static let template = "search/index"
  static let section: Section? = nil
  var title: String { "Search" }
  var problems: [Mistake] { found.problem.map { [$0] } ?? [] }

  static let fields: [Field<SearchPage>] = [
    .text("state", { $0.found.state }), .text("typed", { $0.found.typed }),
    .text("behind", { $0.found.behind }),
    .list("groups", { $0.found.groups }),
    .flag("nothing", { $0.found.isEmpty }),
    .flag("none", { !$0.found.isEmpty && $0.found.problem == nil && $0.found.groups.isEmpty }),
    .item("recent", { $0.found.recent }), .flag("readsLog", { $0.found.readsLog }),
    .text("lengthMax", { _ in String(SearchWords.lengthMax) }),
    .link("all", { "/search?" + query(["q": $0.found.typed]) }),
    .flag("narrow", { $0.found.area != nil }),
  ]
}

/// The hits as a list to choose from, without a frame.
struct SearchHitsPage: Page {
  let found: SearchFound

  static let template = "search/hits"
  static let section: Section? = nil
  var title: String { "Search" }
  var problems: [Mistake] { found.problem.map { [$0] } ?? [] }

  static let fields: [Field<SearchHitsPage>] = [
    .text("state", { $0.found.problem?.sentence ?? $0.found.state }),
    .list("groups", { $0.found.recent.map { [$0] } ?? $0.found.groups }),
    .flag("any", { $0.found.recent != nil || !$0.found.groups.isEmpty }),
    .flag("nothing", { $0.found.isEmpty }),
  ]
}
