import HTTP
import HTTPTypes
import Mustache
import Rules

/// Where a person chooses how they want their pages.
struct ChoicesPage: Page {
  let choices: Choices
  let now: Moment

  static let template = "account/choices"
  static let section: Section? = nil
  var title: String { "Your choices" }

  static let fields: [Field<ChoicesPage>] = [
    .text("clock", { $0.now.words($0.choices.zone.offset(at: $0.now)) }),
    .text("zoneName", { $0.choices.zone.name }),
    .flag("inUTC", { $0.choices.zone == .utc }),
    .list("regions", { $0.regions }), .list("themes", { $0.themes }),
    .flag("hasShortcuts", { $0.choices.hasShortcuts }),
  ]

  private var regions: [Region] {
    let byRegion = Dictionary(grouping: Zone.names) { String($0.prefix { $0 != "/" }) }
    return byRegion.sorted { $0.key < $1.key }.map { region, names in
      Region(
        name: region,
        zones: names.map {
          Choice(value: $0, label: Self.place($0), isSelected: $0 == choices.zone.name)
        })
    }
  }

  /// `America/Argentina/Buenos_Aires` as `Argentina, Buenos Aires`: letters typed find it.
  private static func place(_ name: String) -> String {
    name.split(separator: "/").dropFirst().joined(separator: ", ")
      .replacing("_", with: " ")
  }

  private var themes: [Choice] {
    Theme.allCases.map {
      Choice(value: $0.rawValue, label: $0.label, isSelected: $0 == choices.theme)
    }
  }

  struct Region: TemplateData {
    let name: String
    let zones: [Choice]
    static let fields: [Field<Region>] = [
      .text("region", { $0.name }), .list("zones", { $0.zones }),
    ]
  }
}

extension Portal {
  /// How one wants one's pages.
  func showChoices(_ visit: Visit) async throws -> Response {
    guard let caller = visit.caller else { throw Failure.signInNeeded }
    return page(ChoicesPage(choices: caller.choices, now: visit.now), for: visit)
  }

  /// Keeps how a person wants their pages. It says nothing of what they did: the log has no entry.
  func chooseLook(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    guard let zone = Zone(named: visit.field("zone")),
      let theme = Theme(rawValue: visit.field("theme"))
    else { throw Failure.badForm("It names a time zone or a theme that there is not.") }
    let choices = Choices(
      zone: zone, theme: theme, hasShortcuts: visit.field("shortcuts") == "yes")
    try await storage.write { [now = visit.now] db in
      try choices.keep(for: person, at: now, in: db)
    }
    return .seeOther("/account/choices", saying: .choicesKept)
  }
}
