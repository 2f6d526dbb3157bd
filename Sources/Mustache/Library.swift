import FoundationEssentials

/// All templates of the portal, read and parsed once. To read them again, make another library.
///
/// The dialect is mustache(5) with variables, sections, inverted sections, comments, partials, and
/// inheritance by parents and blocks. There are no lambdas, changes of delimiters, dynamic names
/// or `{{.}}`; a template does not contain itself, not even through a list; the content of a block
/// keeps the indentation it was written with.
public struct Library: Sendable {
  /// The largest template, in bytes.
  public static let maxSourceLength = 1 << 20
  /// How many sections, blocks and parents may stand inside each other in one template.
  public static let maxNesting = 64
  /// What the names of template files end with.
  public static let fileExtension = ".mustache"

  private let sources: [String: [UInt8]]
  private let parsed: [String: [Node]]

  /// Reads every `.mustache` file below `directory`; `changes/show.mustache` is `changes/show`.
  ///
  /// - Parameter edit: changes the bytes of each before they are parsed, so that what is known at
  ///   the start need not be asked at each rendering.
  /// - Throws: The first problem in the order of names.
  public init(
    directory: String, edit: ([UInt8]) -> [UInt8] = { $0 }
  ) throws(TemplateProblem) {
    let paths: [String]
    do {
      paths = try FileManager.default.subpathsOfDirectory(atPath: directory)
    } catch {
      throw TemplateProblem(
        template: directory, line: nil, reason: .unreadable(String(describing: error)))
    }
    var sources: [String: [UInt8]] = [:]
    for path in paths.sorted() where path.hasSuffix(Self.fileExtension) {
      let name = String(path.dropLast(Self.fileExtension.count))
      guard let bytes = FileManager.default.contents(atPath: "\(directory)/\(path)") else {
        throw TemplateProblem(template: name, line: 1, reason: .unreadable("it is not a file"))
      }
      sources[name] = edit(Array(bytes))
    }
    try self.init(bytes: sources)
  }

  /// Templates by name, for tests.
  public init(sources: [String: String]) throws(TemplateProblem) {
    try self.init(bytes: sources.mapValues { Array($0.utf8) })
  }

  private init(bytes sources: [String: [UInt8]]) throws(TemplateProblem) {
    var parsed: [String: [Node]] = [:]
    for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
      let start = Place(template: name, line: 1)
      guard source.count <= Self.maxSourceLength else { throw start.problem(.tooLong) }
      guard String(validating: source, as: UTF8.self) != nil else {
        throw start.problem(.notUTF8)
      }
      parsed[name] = try Parser.parse(source, template: name)
    }
    self.sources = sources
    self.parsed = parsed
  }

  /// The names of all templates, in order.
  public var names: [String] { parsed.keys.sorted() }

  /// The template `name` with every tag bound to a field of `Page`.
  ///
  /// - Throws: The first tag that no field answers, or whose place or kind is wrong.
  public func template<Page: TemplateData>(
    _ name: String, for page: Page.Type
  ) throws(TemplateProblem) -> Template<Page> {
    let start = Place(template: name, line: 1)
    var binder = try Binder(self, fields: Page.fields.map { $0.binding }, page: start)
    try binder.bindPage(name, at: start)
    return Template(binder.program, reached: binder.reached)
  }

  /// The nodes of a template. A partial alone on its line has each of its lines indented like its
  /// tag, before parsing, as the specification wants.
  func nodes(
    of name: String, indentation: [UInt8], at place: Place
  ) throws(TemplateProblem) -> [Node] {
    guard let nodes = parsed[name], let source = sources[name] else {
      throw place.problem(.noSuchTemplate(name))
    }
    if indentation.isEmpty { return nodes }
    let lines = source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let indented = lines.map { $0.isEmpty ? [] : indentation + $0 }
    return try Parser.parse(Array(indented.joined(separator: "\n".utf8)), template: name)
  }

  /// The blocks that a child of `name` may override: those of its own, of its partials and of its
  /// parents.
  func blockNames(of name: String, at place: Place) throws(TemplateProblem) -> Set<String> {
    var names: Set<String> = []
    var visited: Set<String> = []
    var templates = [(name, place)]
    while let (template, place) = templates.popLast() {
      guard visited.insert(template).inserted else { continue }
      var nodes = try nodes(of: template, indentation: [], at: place)
      while let node = nodes.popLast() {
        switch node {
        case .text, .variable: continue
        case .section(_, _, let body, _): nodes += body
        case .partial(let name, _, let place): templates.append((name, place))
        case .parent(let name, let overrides, let place):
          templates.append((name, place))
          nodes += overrides.map(Node.block)
        case .block(let block):
          names.insert(block.name)
          nodes += block.body
        }
      }
    }
    return names
  }
}
