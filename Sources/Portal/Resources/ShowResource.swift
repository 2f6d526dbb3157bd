import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// One resource as last read.
  func showResource(_ visit: Visit) async throws -> Response {
    guard let subject = visit.parameters["subject"].flatMap(Subject.init),
      let watch = Watch.of(subject)
    else { throw Failure.notFound }
    let person = try visit.person
    let view = resourceView(at: visit.now)
    let content = try await storage.read { db in
      let findings = try FindingStore.all(site: view.site, of: subject, at: view.now, in: db)
      let seen = try ObservationStore.all(site: view.site, in: db)
      let facts = seen[subject]?.facts
      let kinds = ChangeKind.all.filter { $0.subject == subject }
      guard let line = try view.lines(of: [watch], findings, seen, in: db).first else {
        throw Failure.notFound
      }
      return ResourcePage(
        line: line,
        findings: findings.map { FindingLine($0, now: view.now) },
        details: facts?.details ?? [],
        tables: try (facts?.tables ?? []) + view.kept(of: subject, in: db),
        charts: try Chart.all(of: subject, site: view.site, at: view.now, in: db),
        changes: try ChangeStore.newest(of: kinds.map(\.id), site: view.site, in: db).map {
          ChangeLink(
            number: $0.number, words: $0.title, state: $0.state,
            when: When($0.at, now: view.now))
        },
        kinds: kinds, mayPropose: person.may(.propose))
    }
    return page(content, for: visit)
  }
}

extension ResourceView {
  /// What Caretaker kept after AWS forgot it.
  func kept(of subject: Subject, in db: Database) throws -> [DetailTable] {
    switch subject {
    case .tasks: [try stoppedTasks(in: db)]
    case .alarms: [try alarmHistory(in: db)]
    default: []
    }
  }

  private func alarmHistory(in db: Database) throws -> DetailTable {
    DetailTable(
      "What the alarms did, kept for a year", ["Alarm", "Turned", "When", "CloudWatch’s words"],
      try AlarmStore.newest(site: site, in: db).map {
        [$0.name, $0.words, $0.at.local, $0.reason]
      }, empty: "No alarm has turned since Caretaker looks after this site.")
  }

  private func stoppedTasks(in db: Database) throws -> DetailTable {
    DetailTable(
      "Stopped tasks, also those ECS has forgotten",
      ["Task", "Stopped", "Why", "What to try", "ECS's words"],
      try StoppedTaskStore.newest(site: site, in: db).map {
        [$0.id, $0.stoppedAt.local, $0.cause.words, $0.cause.remedy, $0.reason]
      }, empty: "No task has stopped since Caretaker looks after this site.")
  }
}
