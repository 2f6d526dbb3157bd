import Mustache
import Rules

/// A person's calendar address: whether there is one and, when it has just been made, what it is.
struct CalendarPage: Page {
  let madeAt: Moment?
  /// The address, seen once; empty at every other time.
  let address: String
  let now: Moment

  static let template = "calendar/index"
  static let section: Section? = .todos
  var title: String { "Calendar" }

  static let fields: [Field<CalendarPage>] = [
    .text("address", { $0.address }), .text("state", { $0.state }),
    .flag("exists", { $0.madeAt != nil }),
  ]

  private var state: String {
    guard let madeAt else { return "Your calendar program does not read the due dates." }
    return "You have had an address for your calendar program since "
      + When(madeAt, now: now).absolute + "."
  }
}
