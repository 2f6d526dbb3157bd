import HTTP
import HTTPTypes
import Mustache
import Rules

extension Portal {
  /// Tries everything now, and says what is unsafe or missing.
  func showSetupChecks(_ visit: Visit) async throws -> Response {
    page(SetupChecksPage(parts: await checks.parts()), for: visit)
  }

  /// The checks, with what only a running portal can tell.
  var checks: Checks {
    let copy = replica.map { SelfCheck.replica($0.standing(at: outside.now())) }
    let running = [copy, SelfCheck.lease(lease.standing)].compactMap(\.self)
    return Checks(configuration: configuration, outside: outside, running: running)
  }
}

/// What was looked at, part by part.
struct SetupChecksPage: Page {
  let parts: [Checks.Part]

  static let template = "setup/checks"
  static let section: Section? = nil
  var title: String { "Checks" }

  static let fields: [Field<SetupChecksPage>] = [
    .text("state", { $0.state }), .list("parts", { $0.parts.map(PartLines.init) }),
  ]

  /// One part.
  struct PartLines: TemplateData {
    let part: Checks.Part
    static let fields: [Field<PartLines>] = [
      .text("name", { $0.part.name }),
      .list("checks", { $0.part.checks.map(SelfCheckLine.init) }),
    ]
  }

  private var state: String {
    let all = parts.flatMap(\.checks).map(\.standing)
    func said(_ standing: SelfCheck.Standing, _ one: String, _ many: String) -> String? {
      let number = all.count { $0 == standing }
      return number == 0 ? nil : "\(number) \(number == 1 ? one : many)"
    }
    let found = [
      said(.unsafe, "is unsafe", "are unsafe"),
      said(.failed, "does not work", "do not work"),
      said(.unknown, "can’t be told", "can’t be told"),
      said(.advised, "could be safer", "could be safer"),
      said(.absent, "is not set up", "are not set up"),
    ].compactMap(\.self)
    guard !found.isEmpty else { return "All \(all.count) are good." }
    return "Of \(all.count) checks \(found.joined(separator: ", "))."
  }
}
