import HTTP
import Mustache
import Rules

/// What the keys do. `Public/keyboard.js` shows the same when `?` is pressed.
struct KeyboardPage: Page {
  let hasShortcuts: Bool

  static let template = "account/keyboard"
  static let section: Section? = nil
  var title: String { "Keyboard" }

  static let fields: [Field<KeyboardPage>] = [
    .flag("hasShortcuts", { $0.hasShortcuts }),
    .list("places", { _ in Section.allCases.filter { !$0.key.isEmpty }.map(Place.init) }),
  ]

  struct Place: TemplateData {
    let section: Section
    static let fields: [Field<Place>] = [
      .text("key", { $0.section.key }), .text("place", { $0.section.rawValue }),
    ]
  }
}

extension Portal {
  /// What the keys do.
  func showKeyboard(_ visit: Visit) async throws -> Response {
    page(KeyboardPage(hasShortcuts: visit.caller?.choices.hasShortcuts == true), for: visit)
  }
}
