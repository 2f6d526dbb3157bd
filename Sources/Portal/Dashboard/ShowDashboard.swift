import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// The start page: how it stands, and what there is to do about it, from what was last read.
  func showDashboard(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let site = configuration.sites[0]
    let view = resourceView(at: visit.now)
    let around = visit.surroundings
    let content = try await storage.read { db in
      let findings = try FindingStore.all(site: site.name, at: view.now, in: db)
      return DashboardPage(
        reading: DashboardReading(
          findings, polledAt: around.polledAt, everyMs: view.staleMs / 2, now: view.now),
        attention: try Self.attention(of: person, findings, around.review, at: view.now, in: db)
          .inOrder,
        met: findings.count { $0.finding.outcome == .pass },
        cards: try view.cards(of: site, findings, in: db),
        alarms: try AlarmPart(view, in: db),
        activities: try Activity.newest(site: site.name, at: view.now, in: db),
        todos: try TodoPart(for: person, findings, at: view.now, in: db), now: view.now)
    }
    return page(content, for: visit)
  }

  /// Everything that asks for somebody, with what this person can do about it.
  private static func attention(
    of person: Person, _ findings: [StoredFinding], _ review: ReviewStanding?, at now: Moment,
    in db: Database
  ) throws -> [AttentionItem] {
    let house = try HouseStore.house(at: now, in: db)
    let found = try ChangeStore.all(ChangeState.open, in: db)
    let changes = try found.sound.compactMap { change in
      let executors =
        change.storedState == .unknown
        ? try ExecutionStore.executors(of: change.id, in: db) : []
      return change.attention(of: person, executors: executors, in: house)
    }
    let overdue = ReviewPeriod.attention(of: person, oldest: review?.oldest, at: now)
    let mayMend = person.may(.propose)
    let damaged = found.damaged.map {
      AttentionItem(
        .danger, Damage.change($0).state, detail: Damage.remedy, at: .change($0), moment: now)
    }
    return changes + damaged + house.attention(of: person) + [overdue].compactMap { $0 }
      + findings.map(\.open).attention { mayMend && $0.isKnown }
  }
}

/// How the whole stands, and how old that is.
struct DashboardReading: Sendable {
  /// The whole in one sentence.
  let sentence: String
  /// When anything was last read from AWS; nil where nothing ever was.
  let polledAt: Moment?
  /// Whether that is too long ago to say how it stands now.
  let isOld: Bool
  /// Why nothing could be read of the account; empty where something was.
  let failure: String
  /// Whether nobody has looked yet.
  let isUnread: Bool
  /// How often it is looked, in words.
  let every: String

  init(_ findings: [StoredFinding], polledAt: Moment?, everyMs: Int64, now: Moment) {
    self.polledAt = polledAt
    sentence = findings.map(\.open).sentence
    isOld = polledAt.map { now.since($0) > 2 * everyMs } ?? false
    isUnread = findings.isEmpty
    let ofAccount = findings.first {
      $0.finding.outcome == .noData && $0.finding.subject == .stack
    }
    failure = polledAt == nil ? ofAccount?.finding.state ?? "" : ""
    every = Span.words(ms: everyMs)
  }
}

extension StoredFinding {
  /// It as the rules weigh it.
  var open: OpenFinding {
    OpenFinding(finding, since: since, isAccepted: acceptance != nil)
  }
}
