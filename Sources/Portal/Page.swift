import Mustache

/// The content of one page: plain values, ready to be printed, and the template that prints them.
protocol Page: TemplateData {
  /// The template's name, `resources/index`.
  static var template: String { get }
  /// What the browser's tab says.
  var title: String { get }
  /// Where in the navigation the page stands; nil outside it.
  static var section: Section? { get }
  /// The address a browser goes to by itself after two seconds, to follow what is moving; nil
  /// where nothing moves.
  var following: String? { get }
}

extension Page {
  var following: String? { nil }
}

/// The entries of the navigation, in their order.
enum Section: String, CaseIterable, Sendable {
  case dashboard = "Dashboard"
  case resources = "Resources"
  case deployments = "Deployments"
  case images = "Images"
  case themes = "Themes"
  case workflows = "Workflows"
  case infrastructure = "Infrastructure"
  case mail = "Mail"
  case scaling = "Scaling"
  case costs = "Costs"
  case backups = "Backups"
  case changes = "Changes"
  case todos = "TODOs"
  case people = "People"
  case safety = "Safety"
  case audit = "Audit"

  /// What is pressed after g to go there; empty for nothing.
  var key: String {
    switch self {
    case .dashboard: "d"
    case .resources: "r"
    case .changes: "c"
    case .todos: "t"
    case .audit: "a"
    default: ""
    }
  }

  var path: String { self == .dashboard ? "/" : "/" + rawValue.lowercased() }
}

/// A page in its frame.
struct Framed<Content: Page>: TemplateData {
  let frame: Frame
  let content: Content

  static var fields: [Field<Self>] {
    Frame.fields.map { $0.from(\.frame) } + Content.fields.map { $0.from(\.content) }
  }
}

/// The templates, each bound to its page's type.
struct Pages: Sendable {
  private let library: Library
  private var bound: [ObjectIdentifier: any Sendable] = [:]

  /// - Parameter assets: the addresses of files below `/public/` that name a version, by their
  ///   paths. They take the place of the plain ones.
  init(directory: String, assets: [String: String] = [:]) throws {
    // The longer first: a name may begin with another.
    let names = assets.sorted { $0.key.count > $1.key.count }
    library = try Library(directory: directory) { source in
      // Few of them name any file.
      guard source.contains("/public/") else { return source }
      return names.reduce(source) { $0.replacing("/public/\($1.key)", with: "/public/\($1.value)") }
    }
    try bind(FailurePage.self)
  }

  /// Binds a page's template; a tag that no field answers is found here.
  mutating func bind<Content: Page>(_ page: Content.Type) throws {
    bound[ObjectIdentifier(page)] =
      try library.template(Content.template, for: Framed<Content>.self)
  }

  /// The page's bytes.
  func render<Content: Page>(_ content: Content, in frame: Frame) throws -> [UInt8] {
    guard let template = bound[ObjectIdentifier(Content.self)] as? Template<Framed<Content>> else {
      throw UnboundPage(template: Content.template)
    }
    return template.render(Framed(frame: frame, content: content))
  }
}

/// A handler shows a page that no route has named.
struct UnboundPage: Error {
  let template: String
}
