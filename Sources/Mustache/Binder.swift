/// Joins a page's template with its partials and parents, and every tag with the field that
/// answers it: innermost section first, then outwards.
struct Binder {
  private let library: Library
  private(set) var program = Program()
  private(set) var reached: Set<String> = []
  private var scopes: [Scope] = []
  private var context = HTMLContext()
  /// What the children so far put into the blocks of their parents.
  private var overrides: [String: Block] = [:]
  /// The templates being bound, each inside the one before.
  private var path: [String] = []

  private struct Scope {
    let fields: [String: FieldValue]
    let names: [String]
  }

  init(_ library: Library, fields: [FieldValue.Binding], page: Place) throws(TemplateProblem) {
    self.library = library
    scopes = [try scope(of: fields, at: page)]
  }

  mutating func bindPage(_ name: String, at place: Place) throws(TemplateProblem) {
    try bind(template: name, indentation: [], at: place)
    program.flush()
    guard context.state == .text else {
      throw place.problem(.brokenMarkup("the page ends inside a tag, comment, script or style"))
    }
  }

  private mutating func bind(
    template name: String, indentation: [UInt8], at place: Place
  ) throws(TemplateProblem) {
    guard !path.contains(name) else { throw place.problem(.cycle(path + [name])) }
    let nodes = try library.nodes(of: name, indentation: indentation, at: place)
    reached.insert(name)
    path.append(name)
    try bind(nodes)
    path.removeLast()
  }

  private mutating func bind(_ nodes: [Node]) throws(TemplateProblem) {
    for node in nodes {
      switch node {
      case .text(let bytes, _):
        context.read(bytes)
        program.append(literal: bytes)
      case .variable(let name, let isRaw, let place):
        try bindVariable(name, isRaw: isRaw, at: place)
      case .section(let name, let isInverted, let body, let place):
        try bindSection(name, isInverted: isInverted, body, at: place)
      case .partial(let name, let indentation, let place):
        try bind(template: name, indentation: indentation, at: place)
      case .parent(let name, let blocks, let place):
        try bindParent(name, blocks, at: place)
      case .block(let block):
        try bindBlock(block)
      }
    }
  }

  private mutating func bindVariable(
    _ name: String, isRaw: Bool, at place: Place
  ) throws(TemplateProblem) {
    let (depth, value) = try resolve(name, at: place)
    switch value {
    case .text(let get) where !isRaw:
      try checkPlace(of: name, isLink: false, at: place)
      program.append(.text(depth: depth, get))
    case .link(let get) where !isRaw:
      try checkPlace(of: name, isLink: true, at: place)
      program.append(.link(depth: depth, get))
    case .html(let get) where isRaw:
      guard context.state == .text else {
        throw place.problem(.unsafePlace(name, "is markup, which stands between tags alone"))
      }
      program.append(.html(depth: depth, get))
    case .text, .link:
      throw place.problem(.wrongKind(name, "is text; only trusted markup is printed unescaped"))
    case .html:
      throw place.problem(.wrongKind(name, "is markup; print it as {{{\(name)}}}"))
    case .flag:
      throw place.problem(.wrongKind(name, "is a flag; open it as a section"))
    case .item:
      throw place.problem(.wrongKind(name, "is an item; open it as a section or name its field"))
    case .list:
      throw place.problem(.wrongKind(name, "is a list; open it as a section"))
    }
  }

  private mutating func checkPlace(
    of name: String, isLink: Bool, at place: Place
  ) throws(TemplateProblem) {
    if let why = context.refusal(isLink: isLink) { throw place.problem(.unsafePlace(name, why)) }
    context.readValue()
  }

  private mutating func bindSection(
    _ name: String, isInverted: Bool, _ body: [Node], at place: Place
  ) throws(TemplateProblem) {
    let (depth, value) = try resolve(name, at: place)
    guard let truth = value.truth else {
      throw place.problem(.wrongKind(name, "is markup, which has no sections"))
    }
    let before = context
    let index = program.reserveInstruction()
    switch value {
    case .item(let nested) where !isInverted, .list(let nested) where !isInverted:
      scopes.append(try scope(of: nested.fields(), at: place))
      try bind(body)
      scopes.removeLast()
      program.fill(index) { .each(depth: depth, nested.visit, end: $0) }
    default:
      try bind(body)
      program.fill(index) { .when(depth: depth, truth, expected: !isInverted, end: $0) }
    }
    guard context.continues(before) else {
      let sentence = "section '\(name)' ends in another part of the markup than it starts in"
      throw place.problem(.brokenMarkup(sentence))
    }
    context = before.afterSection()
  }

  private mutating func bindParent(
    _ name: String, _ blocks: [Block], at place: Place
  ) throws(TemplateProblem) {
    guard !path.contains(name) else { throw place.problem(.cycle(path + [name])) }
    let existing = try library.blockNames(of: name, at: place)
    for block in blocks where !existing.contains(block.name) {
      throw block.place.problem(
        .noSuchBlock(block.name, parent: name, existing: existing.sorted()))
    }
    let outer = overrides
    // A child's child has the last word.
    for block in blocks where overrides[block.name] == nil { overrides[block.name] = block }
    try bind(template: name, indentation: [], at: place)
    overrides = outer
  }

  private mutating func bindBlock(_ block: Block) throws(TemplateProblem) {
    guard let override = overrides[block.name] else { return try bind(block.body) }
    // Inside its own content a block of the same name means that content's default.
    overrides[block.name] = nil
    try bind(override.body)
    overrides[block.name] = override
  }

  private func resolve(
    _ name: String, at place: Place
  ) throws(TemplateProblem) -> (depth: Int, value: FieldValue) {
    // Most names have no dot; a start binds thousands.
    if let found = field(name) { return found }
    let parts = name.split(separator: ".").map(String.init)
    guard let first = parts.first, let outer = field(first) else {
      throw place.problem(.noSuchField(parts.first ?? name, existing: namesInReach))
    }
    var value = outer.value
    for (part, owner) in zip(parts.dropFirst(), parts) {
      guard case .item(let nested) = value else {
        throw place.problem(.wrongKind(owner, "is not an item; it has no field '\(part)'"))
      }
      let inner = try scope(of: nested.fields(), at: place)
      guard let field = inner.fields[part] else {
        throw place.problem(.noSuchField(part, existing: inner.names))
      }
      value = field.reached(through: nested.visit)
    }
    return (outer.depth, value)
  }

  private func field(_ name: String) -> (depth: Int, value: FieldValue)? {
    for depth in scopes.indices.reversed() {
      if let value = scopes[depth].fields[name] { return (depth, value) }
    }
    return nil
  }

  private var namesInReach: [String] {
    var seen: Set<String> = []
    return scopes.reversed().flatMap(\.names).filter { seen.insert($0).inserted }
  }

  private func scope(
    of bindings: [FieldValue.Binding], at place: Place
  ) throws(TemplateProblem) -> Scope {
    var fields: [String: FieldValue] = [:]
    for binding in bindings {
      guard fields.updateValue(binding.value, forKey: binding.name) == nil else {
        throw place.problem(.repeatedField(binding.name))
      }
    }
    return Scope(fields: fields, names: bindings.map(\.name))
  }
}
