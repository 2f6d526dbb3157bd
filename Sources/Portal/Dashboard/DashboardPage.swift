import Mustache
import Rules

/// The start page: the most urgent thing first and largest, what is fine in one quiet line.
struct DashboardPage: Page {
  let reading: DashboardReading
  /// What asks for somebody, the most urgent first.
  let attention: [AttentionItem]
  /// How many checks are met.
  let met: Int
  let cards: [AreaCard]
  let alarms: AlarmPart
  let activities: [Activity]
  let todos: TodoPart
  let now: Moment

  /// The most things that ask for somebody on one page.
  static let attentionMax = 12

  static let template = "dashboard/show"
  static let section: Section? = .dashboard
  var title: String { "Dashboard" }

  static let fields: [Field<DashboardPage>] = [
    .text("state", { $0.state }), .flag("old", { $0.reading.isOld }),
    .item("when", { page in page.reading.polledAt.map { When($0, now: page.now) } }),
    .flag("unread", { $0.reading.isUnread }), .text("every", { $0.reading.every }),
    .text("failure", { $0.reading.failure }),
    .list("urgent", { $0.lines { $0 <= .danger } }),
    .flag("anyUrgent", { page in page.shown.contains { $0.rank <= .danger } }),
    .list("later", { $0.lines { $0 > .danger } }),
    .flag("anyLater", { page in page.shown.contains { $0.rank > .danger } }),
    .text("more", { $0.more }), .text("met", { $0.metWords }),
    .list("areas", { $0.cards }), .flag("anyArea", { !$0.cards.isEmpty }),
    .item("alarms", { $0.reading.isUnread ? nil : $0.alarms }),
    .list("activities", { $0.activities }), .flag("anyActivity", { !$0.activities.isEmpty }),
    .item("todos", { $0.todos }),
  ]

  /// The whole in one sentence: first what waits for the person who reads it.
  private var state: String {
    let acts = attention.count { $0.rank.isAct }
    let mine = acts == 0 ? "" : acts == 1 ? "1 waits for you. " : "\(acts) wait for you. "
    let whole = reading.isOld ? "When it was last read: \(reading.sentence)" : reading.sentence
    return mine + (reading.failure.isEmpty ? whole : "Nothing is known of the account.")
  }

  private var shown: ArraySlice<AttentionItem> { attention.prefix(Self.attentionMax) }

  private func lines(_ belongs: (AttentionItem.Rank) -> Bool) -> [AttentionLine] {
    shown.filter { belongs($0.rank) }.map(AttentionLine.init)
  }

  private var more: String {
    attention.count > shown.count ? "\(attention.count - shown.count) more" : ""
  }

  private var metWords: String { met == 0 ? "" : count(met, "check") + " met" }
}
