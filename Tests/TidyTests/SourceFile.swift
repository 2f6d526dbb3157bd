/// A Swift file, with its code and its comments told apart.
struct SourceFile {
  /// Below the repository's root: `Sources/HTTP/Server.swift`.
  let path: String
  let lines: [Substring]
  /// The lines with comments, and what stands in quotes, blanked out.
  let code: [Substring]
  /// The lines with everything but comments blanked out.
  let comments: [Substring]

  init(path: String, text: String) {
    self.path = path
    var blanker = Blanker(text)
    blanker.run()
    lines = Self.lines(of: text)
    code = Self.lines(of: String(decoding: blanker.code, as: UTF8.self))
    comments = Self.lines(of: String(decoding: blanker.comments, as: UTF8.self))
  }

  /// `Server` of `Sources/HTTP/Server.swift`.
  var name: Substring {
    let file = path.split(separator: "/").last ?? ""
    return file.split(separator: ".").first ?? ""
  }

  private static func lines(of text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

/// Reads just enough Swift to know code from comments and strings, with interpolations, raw
/// strings and raw identifiers.
private struct Blanker {
  private enum Mode {
    /// Code; inside an interpolation, with so many parentheses open.
    case code(parentheses: Int)
    case string(quotes: Int, hashes: Int)
  }

  private let source: [UInt8]
  private var index = 0
  private var modes = [Mode.code(parentheses: 0)]
  private(set) var code: [UInt8]
  private(set) var comments: [UInt8]

  init(_ text: String) {
    source = Array(text.utf8)
    code = source.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
    comments = code
  }

  mutating func run() {
    while index < source.count {
      switch modes.last {
      case .string(let quotes, let hashes): readString(quotes: quotes, hashes: hashes)
      case .code(let parentheses): readCode(parentheses)
      case nil: return
      }
    }
  }

  private mutating func readCode(_ parentheses: Int) {
    if starts("//") { return comment(until: "\n", length: 0) }
    if starts("/*") { return comment(until: "*/", length: 2) }
    if let (quotes, hashes) = openingQuotes() {
      modes.append(.string(quotes: quotes, hashes: hashes))
      index += quotes + hashes
      return
    }
    switch source[index] {
    case UInt8(ascii: "`"):
      repeat { index += 1 } while index < source.count && source[index] != UInt8(ascii: "`")
    case UInt8(ascii: "("):
      modes[modes.count - 1] = .code(parentheses: parentheses + 1)
    case UInt8(ascii: ")") where parentheses == 0 && modes.count > 1:
      modes.removeLast()
      index += 1
      return
    case UInt8(ascii: ")"):
      modes[modes.count - 1] = .code(parentheses: parentheses - 1)
    default: break
    }
    if index < source.count { code[index] = source[index] }
    index += 1
  }

  private mutating func readString(quotes: Int, hashes: Int) {
    let escape = "\\" + String(repeating: "#", count: hashes)
    let end = String(repeating: "\"", count: quotes) + String(repeating: "#", count: hashes)
    if starts(escape + "(") {
      modes.append(.code(parentheses: 0))
      index += hashes + 2
    } else if starts(escape) {
      index += hashes + 2
    } else if starts(end) {
      modes.removeLast()
      index += quotes + hashes
    } else {
      index += 1
    }
  }

  private mutating func comment(until end: String, length: Int) {
    while index < source.count, !starts(end) {
      comments[index] = source[index]
      index += 1
    }
    index += length
  }

  private func openingQuotes() -> (quotes: Int, hashes: Int)? {
    let hashes = source[index...].prefix { $0 == UInt8(ascii: "#") }.count
    let start = index + hashes
    guard start < source.count, source[start] == UInt8(ascii: "\"") else { return nil }
    return (source[start...].starts(with: "\"\"\"".utf8) ? 3 : 1, hashes)
  }

  private func starts(_ text: String) -> Bool {
    source[index...].starts(with: text.utf8)
  }
}
