internal import Glibc

/// Text, or a tag.
enum Token {
  case text([UInt8], Place)
  case tag(Tag)
}

/// What stands between braces.
struct Tag {
  enum Kind: UInt8 {
    case variable, raw, section, inverted, close, comment, partial, parent, block
  }

  let kind: Kind
  let name: String
  let place: Place
  /// The white space before a tag that has its line to itself; nil if something else is there.
  let indentation: [UInt8]?
}

/// Cuts the bytes of a template into text and tags, and takes away the lines that hold nothing
/// but a tag that prints nothing (the specification's standalone lines).
struct Scanner {
  private let source: [UInt8]
  private let template: String
  private var line = 1
  private var position = 0

  init(_ source: [UInt8], template: String) {
    self.source = source
    self.template = template
  }

  /// The next token, or nil at the end.
  mutating func next() throws(TemplateProblem) -> Token? {
    guard position < source.count else { return nil }
    let start = position
    guard let open = find("{{", from: start) else {
      return text(start..<source.count, next: source.count)
    }
    let (kind, content, end) = try readTag(at: open)
    let alone = kind == .variable || kind == .raw ? nil : lineAround(open..<end)
    // Text before the tag goes first; the tag is read again on the next call.
    let textEnd = alone?.lowerBound ?? open
    if start < textEnd { return text(start..<textEnd, next: textEnd) }
    let place = Place(template: template, line: line + newlines(in: start..<open))
    let tag = Tag(
      kind: kind, name: try name(content, of: kind, at: place), place: place,
      indentation: alone.map { Array(source[$0.lowerBound..<open]) })
    position = alone?.upperBound ?? end
    line += newlines(in: start..<position)
    return .tag(tag)
  }

  private mutating func text(_ range: Range<Int>, next: Int) -> Token {
    let place = Place(template: template, line: line)
    line += newlines(in: range)
    position = next
    return .text(Array(source[range]), place)
  }

  /// The kind, the bytes of the content, and where the tag ends.
  private func readTag(
    at open: Int
  ) throws(TemplateProblem) -> (Tag.Kind, Range<Int>, Int) {
    let place = Place(template: template, line: line + newlines(in: position..<open))
    let start = open + 2
    guard start < source.count else { throw place.problem(.unclosedTag) }
    let kind: Tag.Kind
    switch source[start] {
    case UInt8(ascii: "{"): kind = .raw
    case UInt8(ascii: "&"): kind = .raw
    case UInt8(ascii: "#"): kind = .section
    case UInt8(ascii: "^"): kind = .inverted
    case UInt8(ascii: "/"): kind = .close
    case UInt8(ascii: "!"): kind = .comment
    case UInt8(ascii: ">"): kind = .partial
    case UInt8(ascii: "<"): kind = .parent
    case UInt8(ascii: "$"): kind = .block
    case UInt8(ascii: "="): throw place.problem(.unsupported("a change of delimiters is"))
    default: kind = .variable
    }
    let closing: StaticString = source[start] == UInt8(ascii: "{") ? "}}}" : "}}"
    let content = kind == .variable ? start : start + 1
    guard let close = find(closing, from: content) else { throw place.problem(.unclosedTag) }
    return (kind, content..<close, close + closing.utf8CodeUnitCount)
  }

  private func name(
    _ content: Range<Int>, of kind: Tag.Kind, at place: Place
  ) throws(TemplateProblem) -> String {
    if kind == .comment { return "" }
    let name = String(decoding: source[content].trimmingWhiteSpace(), as: UTF8.self)
    if name == "." {
      throw place.problem(.unsupported("'{{.}}' (give the row a field with a name) is"))
    }
    if kind == .partial || kind == .parent, name.hasPrefix("*") {
      throw place.problem(.unsupported("a dynamic name is"))
    }
    guard Name.isValid(name, of: kind) else { throw place.problem(.badName(name)) }
    return name
  }

  /// The whole line, its end included, if nothing but white space is around `tag`.
  private func lineAround(_ tag: Range<Int>) -> Range<Int>? {
    var start = tag.lowerBound
    while start > 0, isBlank(source[start - 1]) { start -= 1 }
    guard start == 0 || source[start - 1] == UInt8(ascii: "\n") else { return nil }
    var end = tag.upperBound
    while end < source.count, isBlank(source[end]) { end += 1 }
    if end == source.count { return start..<end }
    if source[end] == UInt8(ascii: "\r"), end + 1 < source.count { end += 1 }
    return source[end] == UInt8(ascii: "\n") ? start..<end + 1 : nil
  }

  private func find(_ needle: StaticString, from start: Int) -> Int? {
    let length = needle.utf8CodeUnitCount
    return source.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var next = start
      while next + length <= bytes.count,
        let found = memchr(
          base + next, Int32(needle.utf8Start.pointee), bytes.count - length + 1 - next)
      {
        if memcmp(found, needle.utf8Start, length) == 0 { return UnsafeRawPointer(found) - base }
        next = UnsafeRawPointer(found) - base + 1
      }
      return nil
    }
  }

  private func newlines(in range: Range<Int>) -> Int {
    source[range].count { $0 == UInt8(ascii: "\n") }
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}

/// Which bytes names are made of.
private enum Name {
  static func isValid(_ name: String, of kind: Tag.Kind) -> Bool {
    guard !name.isEmpty, name.utf8.allSatisfy({ isLetter($0) || ".-/".utf8.contains($0) })
    else { return false }
    if kind == .partial || kind == .parent { return true }
    // A closing tag may name a parent, which has a path.
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.allSatisfy { !$0.isEmpty } && (kind == .close || !name.contains("/"))
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func trimmingWhiteSpace() -> ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == 0x20 || 0x09...0x0d ~= byte }
    let start = drop(while: isSpace)
    return start.prefix(
      (start.lastIndex { !isSpace($0) } ?? start.startIndex - 1) + 1 - start.startIndex)
  }
}
