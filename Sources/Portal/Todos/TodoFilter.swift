import HTTP
import Rules

/// Which of what is left to do is shown, and how. The address holds it, so it can be sent to
/// somebody.
struct TodoFilter: Sendable, Equatable {
  /// How they stand.
  enum Standing: String, CaseIterable, Sendable {
    case open, snoozed, done, all

    var label: String { rawValue.capitalizedFirst }
  }

  /// Whose they are.
  enum Owner: Hashable, Sendable {
    /// Whoever looks at the page.
    case me
    /// Nobody's.
    case nobody
    case person(Int64)

    init?(_ text: String) {
      switch text {
      case "me": self = .me
      case "nobody": self = .nobody
      default:
        guard let id = Int64(text), id > 0 else { return nil }
        self = .person(id)
      }
    }

    var value: String {
      switch self {
      case .me: "me"
      case .nobody: "nobody"
      case .person(let id): String(id)
      }
    }
  }

  /// Whether they stand in columns.
  var isBoard = false
  var standing = Standing.open
  var owner: Owner? = nil
  /// Only those whose day is over.
  var isOverdue = false

  init() {}

  /// The filter of an address. What is not known does not filter.
  init(_ form: Form) {
    isBoard = form["view"] == "board"
    standing = form["state"].flatMap(Standing.init) ?? .open
    owner = form["owner"].flatMap(Owner.init)
    isOverdue = form["overdue"] == "yes"
  }

  /// Whether any that is open is left out.
  var isNarrow: Bool { owner != nil || isOverdue || (!isBoard && standing != .open) }

  /// The same as the query of an address, without how they are shown.
  var query: String {
    let fields = [
      ("state", standing == .open ? nil : standing.rawValue), ("owner", owner?.value),
      ("overdue", isOverdue ? "yes" : nil),
    ]
    return fields.compactMap { name, value in value.map { "\(name)=\(percentEncoded($0))" } }
      .joined(separator: "&")
  }

  /// The address of what is shown this way: `/todos`, `/todos.csv`.
  func path(_ path: String, board: Bool = false) -> String {
    let parts = [board ? "view=board" : "", query].filter { !$0.isEmpty }
    return parts.isEmpty ? path : path + "?" + parts.joined(separator: "&")
  }

  /// Whether one is shown to a person. Columns show every standing.
  func fits(_ todo: Todo, person: Person, at now: Moment) -> Bool {
    let stands =
      switch standing {
      case _ where isBoard: true
      case .open: todo.isOpen && !todo.isSnoozed(at: now)
      case .snoozed: todo.isSnoozed(at: now)
      case .done: !todo.isOpen
      case .all: true
      }
    let belongs =
      switch owner {
      case nil: true
      case .me: todo.owner?.id == person.id
      case .nobody: todo.owner == nil
      case .person(let id): todo.owner?.id == id
      }
    return stands && belongs && (!isOverdue || todo.isOverdue(at: now))
  }
}
