/// Tokens to a tree.
struct Parser {
  /// A tag that waits for its closing one, and the nodes inside it so far.
  private struct Open {
    let tag: Tag
    var body: [Node] = []
  }

  private let template: String
  private var scanner: Scanner
  private var open: [Open] = []
  private var nodes: [Node] = []

  /// The nodes of a template.
  static func parse(
    _ source: [UInt8], template: String
  ) throws(TemplateProblem) -> [Node] {
    var parser = Parser(
      template: template, scanner: Scanner(source, template: template))
    while let token = try parser.scanner.next() {
      try parser.take(token)
    }
    if let unclosed = parser.open.last?.tag {
      throw unclosed.place.problem(.unclosed(unclosed.name))
    }
    return parser.nodes
  }

  private init(template: String, scanner: Scanner) {
    self.template = template
    self.scanner = scanner
  }

  private mutating func take(_ token: Token) throws(TemplateProblem) {
    switch token {
    case .text(let bytes, let place):
      append(.text(bytes, place))
    case .tag(let tag):
      switch tag.kind {
      case .comment: break
      case .variable, .raw:
        append(.variable(name: tag.name, isRaw: tag.kind == .raw, tag.place))
      case .partial:
        append(.partial(name: tag.name, indentation: tag.indentation ?? [], tag.place))
      case .section, .inverted, .block, .parent:
        guard open.count < Library.maxNesting else { throw tag.place.problem(.nestedTooDeep) }
        open.append(Open(tag: tag))
      case .close:
        append(try close(tag))
      }
    }
  }

  private mutating func append(_ node: Node) {
    if open.isEmpty {
      nodes.append(node)
    } else {
      open[open.count - 1].body.append(node)
    }
  }

  private mutating func close(_ closing: Tag) throws(TemplateProblem) -> Node {
    guard let opened = open.last, opened.tag.name == closing.name else {
      throw closing.place.problem(.unexpectedClose(closing.name, open: open.last?.tag.name))
    }
    open.removeLast()
    let (name, place) = (opened.tag.name, opened.tag.place)
    switch opened.tag.kind {
    case .block:
      return .block(Block(name: name, body: opened.body, place: place))
    case .parent:
      return .parent(name: name, overrides: try overrides(opened), place)
    default:
      let isInverted = opened.tag.kind == .inverted
      return .section(name: name, isInverted: isInverted, body: opened.body, place)
    }
  }

  /// The blocks inside a parent. The specification ignores what else stands there; it is refused
  /// here, since nobody writes text to see it vanish.
  private func overrides(_ parent: Open) throws(TemplateProblem) -> [Block] {
    var blocks: [Block] = []
    for node in parent.body {
      switch node {
      case .block(let block):
        guard !blocks.contains(where: { $0.name == block.name }) else {
          throw block.place.problem(.repeatedBlock(block.name))
        }
        blocks.append(block)
      case .text(let bytes, _) where bytes.allSatisfy({ $0 <= UInt8(ascii: " ") }):
        continue
      case .text(let bytes, let place):
        let blankLines = bytes.prefix { $0 <= UInt8(ascii: " ") }.count { $0 == UInt8(ascii: "\n") }
        let stray = Place(template: template, line: place.line + blankLines)
        throw stray.problem(.strayInParent(parent.tag.name))
      case .variable(_, _, let place), .section(_, _, _, let place),
        .partial(_, _, let place), .parent(_, _, let place):
        throw place.problem(.strayInParent(parent.tag.name))
      }
    }
    return blocks
  }
}
