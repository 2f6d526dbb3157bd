import Dispatch
import Mustache
import Synchronization

/// The content of one page: plain values, ready to be printed, and the template that prints them.
protocol Page: TemplateData {
  /// The template's name, `resources/index`.
  static var template: String { get }
  /// What the browser's tab says.
  var title: String { get }
  /// Everything that is not right with the form that was sent from it, each field named once.
  var problems: [Mistake] { get }
  /// Where in the navigation the page stands; nil outside it.
  static var section: Section? { get }
  /// The address a browser goes to by itself after two seconds, to follow what is moving; nil
  /// where nothing moves.
  var following: String? { get }
}

extension Page {
  var problems: [Mistake] { [] }
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

/// A page in its frame. Unbound for the same reason as `Template`.
struct Framed<Content> {
  let frame: Frame
  let content: Content
}

extension Framed: Sendable where Content: Sendable {}

extension Framed: TemplateData where Content: Page {
  static var fields: [Field<Self>] {
    Frame.fields.map { $0.from { $0.frame } }
      + [
        .flag("anyProblem", { !$0.content.problems.isEmpty }),
        .list("problems", { $0.content.problems }),
      ]
      + Content.fields.map { $0.from { $0.content } }
  }
}

/// The templates, each bound to its page's type.
struct Pages: Sendable {
  private let bound: [ObjectIdentifier: any Sendable]

  /// Binds the template of each page; a tag that no field answers is found here.
  ///
  /// - Parameter assets: the addresses of files below `/public/` that name a version, by their
  ///   paths. They take the place of the plain ones.
  init(directory: String, assets: [String: String] = [:], for pages: [any Page.Type]) throws {
    let library = try Library(directory: directory) { versioned($0, assets) }
    let results = Mutex<[ObjectIdentifier: Result<any Sendable, any Error>]>([:])
    // Half of a start is this, and one page's binding needs nothing of another's.
    DispatchQueue.concurrentPerform(iterations: pages.count) { index in
      let result = Result { try Self.template(of: pages[index], from: library) }
      results.withLock { $0[ObjectIdentifier(pages[index])] = result }
    }
    bound = try results.withLock { try $0.mapValues { try $0.get() } }
  }

  private static func template<Content: Page>(
    of page: Content.Type, from library: Library
  ) throws -> any Sendable {
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

/// A template in which each address below `/public/` that has a version is the one that names it.
private func versioned(_ source: [UInt8], _ assets: [String: String]) -> [UInt8] {
  let folder = Array("/public/".utf8)
  let ends = Array("\"#?".utf8)
  var edited: [UInt8] = []
  var rest = source[...]
  while let slash = rest.firstIndex(of: folder[0]) {
    guard rest[slash...].starts(with: folder) else {
      edited += rest[...slash]
      rest = rest[(slash + 1)...]
      continue
    }
    let path = rest[(slash + folder.count)...].prefix { !ends.contains($0) }
    edited += rest[..<path.startIndex]
    edited += assets[String(decoding: path, as: UTF8.self)].map { Array($0.utf8) } ?? Array(path)
    rest = rest[path.endIndex...]
  }
  return edited + rest
}

/// A handler shows a page that no route has named.
struct UnboundPage: Error {
  let template: String
}
