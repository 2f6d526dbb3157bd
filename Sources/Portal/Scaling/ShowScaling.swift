import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// What can be scaled, as last read.
  func showScaling(_ visit: Visit) async throws -> Response {
    try await scaling(problems: [], visit)
  }

  /// The field on the page that a kind of change is chosen by.
  private static func field(of kind: String) -> String {
    switch kind {
    case ChangeKind.taskSize.id: "size"
    case ChangeKind.serviceCount.id: "count"
    default: "class"
    }
  }

  /// The scaling page, also with why the last preview was not possible.
  func scaling(problems: [Mistake], _ visit: Visit) async throws -> Response {
    let site = configuration.sites[0].name
    let person = try visit.person
    let (service, database) = try await storage.read { db in
      (
        try ObservationStore.facts(ServiceFacts.self, site: site, in: db),
        try ObservationStore.facts(DatabaseFacts.self, site: site, in: db)
      )
    }
    let typed = problems.isEmpty ? nil : visit.form
    return page(
      ScalingPage(
        problems: problems.map {
          Mistake($0.sentence, at: $0.field ?? Self.field(of: visit.field("kind")))
        }, revises: visit.revises,
        service: service.map { .init($0.facts, read: $0.at, now: visit.now, typed: typed) },
        database: database.map { .init($0.facts, read: $0.at, now: visit.now, typed: typed) },
        mayPropose: person.may(.propose)),
      for: visit)
  }
}

extension ScalingPage.ServiceForm {
  /// - Parameter typed: the form that came back; nil where none did.
  init(_ facts: ServiceFacts, read: Moment, now: Moment, typed: Form?) {
    size = facts.sizeWords
    count = String(facts.desired)
    sizes = FargateSize.all.filter { $0.cpuUnits <= 4_096 }.map {
      Choice($0.code, $0.words, now: $0 == facts.size, typed: typed?["size"])
    }
    counts = (0...ServiceCount.countMax).map {
      Choice(String($0), String($0), now: $0 == facts.desired, typed: typed?["count"])
    }
    when = When(read, now: now)
  }
}

extension ScalingPage.DatabaseForm {
  /// - Parameter typed: the form that came back; nil where none did.
  init(_ facts: DatabaseFacts, read: Moment, now: Moment, typed: Form?) {
    current = facts.instanceClass
    window = facts.windowWords
    classes = DatabaseClass.all.map {
      Choice($0, $0, now: $0 == facts.instanceClass, typed: typed?["class"])
    }
    isAtOnce = typed?["when"] == "now"
    when = When(read, now: now)
  }
}
