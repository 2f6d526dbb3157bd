/// Where in an HTML document the literal text so far has led: just enough of the tokenizer
/// (WHATWG HTML §13.2.5) to tell where a value is safe once its five special characters are
/// escaped.
struct HTMLContext: Equatable {
  enum State: Equatable {
    case text
    /// Inside `<…>`, outside values.
    case tag
    /// After `=`.
    case beforeValue
    case unquoted
    /// Inside quotes of this kind.
    case quoted(UInt8)
    /// Inside `<!…>` or what else a browser skips up to the next `>`.
    case declaration
    case comment
    /// Inside `script`, `style` and their like, where references mean nothing.
    case raw
  }

  private(set) var state = State.text
  /// The element of the current or last tag.
  private var element: [UInt8] = []
  /// The attribute being written.
  private var attribute: [UInt8] = []
  /// What the current quoted value begins with, up to the first tag of the template.
  private var prefix: [UInt8] = []
  private var isPrefixOver = false
  private var isReadingElement = false
  /// The last bytes, as far as the next state depends on them.
  private var tail: [UInt8] = []

  /// No attribute has this name.
  private static let unknownName = [UInt8(ascii: ">")]
  private static let addressAttributes = Set(
    ["href", "src", "action", "formaction", "poster", "data", "xlink:href", "ping", "cite"])
  private static let rawElements = Set(
    ["script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"])
  private static let codeAttributes = Set(["style", "srcdoc", "srcset"])

  /// Moves on over literal text.
  mutating func read(_ bytes: [UInt8]) {
    for byte in bytes { read(byte) }
  }

  /// Moves on over a printed value.
  mutating func readValue() {
    isPrefixOver = true
  }

  /// Why text may not be printed here; nil if it may.
  func refusal(isLink: Bool) -> String? {
    switch state {
    case .text: return !tail.isEmpty ? "stands in a tag, after '<'" : nil
    case .raw: return "stands in a script or style, where nothing can be escaped"
    case .declaration, .comment: return "stands in a comment"
    case .tag: return "stands in a tag, outside a value"
    case .beforeValue, .unquoted: return "stands in a value without quotes"
    case .quoted: break
    }
    if attribute.isEmpty || attribute.starts(with: Self.unknownName) {
      return "stands in a value whose name depends on a section"
    }
    let name = String(decoding: attribute, as: UTF8.self)
    if name.hasPrefix("on") || Self.codeAttributes.contains(name) {
      return "stands in '\(name)', whose value is code"
    }
    guard Self.addressAttributes.contains(name) else { return nil }
    if prefix.isEmpty {
      if isPrefixOver { return "follows a link, and could change its host" }
      return isLink ? nil : "starts an address: declare it as a link, or begin with a path"
    }
    if Address.isFixed(by: prefix) { return nil }
    return "follows '\(String(decoding: prefix, as: UTF8.self))', which does not fix the host"
  }

  /// Whether a section that began in `start` may end here.
  func continues(_ start: HTMLContext) -> Bool {
    state == start.state && (state != .text || tail == start.tail)
      && (state != .raw || element == start.element)
      && (state == .text || state == .tag || attribute == start.attribute)
  }

  /// This context after a section that began in it and may have shown nothing: what follows must
  /// be safe either way. A name before the section may have been completed inside it.
  func afterSection() -> HTMLContext {
    var context = self
    if state == .tag { context.attribute = Self.unknownName }
    return context
  }

  private mutating func read(_ byte: UInt8) {
    switch state {
    case .text: readText(byte)
    case .tag: readTag(byte)
    case .beforeValue:
      if Self.isSpace(byte) { return }
      (prefix, isPrefixOver) = ([], false)
      state = Self.isQuote(byte) ? .quoted(byte) : byte == UInt8(ascii: ">") ? endTag() : .unquoted
    case .unquoted:
      if Self.isSpace(byte) { startAttribute() }
      if byte == UInt8(ascii: ">") { state = endTag() }
    case .quoted(let quote):
      if byte == quote { startAttribute() } else if !isPrefixOver { prefix.append(byte) }
    case .declaration: readDeclaration(byte)
    case .comment:
      tail = tail.suffix(3) + [byte]
      if tail.suffix(3) == Array("-->".utf8) || tail == Array("--!>".utf8) { enter(.text) }
    case .raw: readRaw(byte)
    }
  }

  private mutating func readText(_ byte: UInt8) {
    switch (tail.count, byte) {
    case (1, UInt8(ascii: "/")): tail.append(byte)
    case (1, UInt8(ascii: "!")), (1, UInt8(ascii: "?")):
      enter(.declaration)
      tail = [UInt8(ascii: "<"), byte]
    case (1, _) where Self.isLetter(byte):
      startAttribute()
      (element, isReadingElement) = ([Self.lowercased(byte)], true)
    case (2, UInt8(ascii: ">")): tail = []
    case (2, _):
      Self.isLetter(byte) ? startAttribute() : enter(.declaration)
      element = []
    default: tail = byte == UInt8(ascii: "<") ? [byte] : []
    }
  }

  private mutating func readDeclaration(_ byte: UInt8) {
    if byte == UInt8(ascii: ">") { return enter(.text) }
    if tail.count < 4 { tail.append(byte) }
    guard tail == Array("<!--".utf8) else { return }
    // `<!-->` is a whole comment.
    enter(.comment)
    tail = Array("--".utf8)
  }

  private mutating func readRaw(_ byte: UInt8) {
    let end = Array("</".utf8) + element
    if tail == end, Self.isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") {
      startAttribute()
      element = []
      readTag(byte)
    } else {
      tail = (tail + [Self.lowercased(byte)]).suffix(end.count)
    }
  }

  private mutating func readTag(_ byte: UInt8) {
    if byte == UInt8(ascii: ">") {
      state = endTag()
    } else if byte == UInt8(ascii: "=") {
      state = .beforeValue
    } else if Self.isSpace(byte) || byte == UInt8(ascii: "/") {
      isReadingElement = false
      isAttributeOver = true
    } else if isReadingElement {
      element.append(Self.lowercased(byte))
    } else {
      if isAttributeOver { attribute = [] }
      isAttributeOver = false
      attribute.append(Self.lowercased(byte))
    }
  }

  /// White space may stand between an attribute's name and `=`.
  private var isAttributeOver = true

  private mutating func startAttribute() {
    enter(.tag)
    attribute = []
    isAttributeOver = true
    isReadingElement = false
  }

  private mutating func endTag() -> State {
    tail = []
    return Self.rawElements.contains(String(decoding: element, as: UTF8.self)) ? .raw : .text
  }

  private mutating func enter(_ next: State) {
    state = next
    tail = []
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }
  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }
  private static func isLetter(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= lowercased(byte)
  }
  private static func lowercased(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
  }
}
