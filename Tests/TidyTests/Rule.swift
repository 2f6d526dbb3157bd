import Testing

/// Something that holds for every Swift file by itself.
struct Rule: Sendable, CustomTestStringConvertible {
  /// The rule as a sentence.
  let name: String
  /// Files that may break it, each with the reason why.
  var exceptions: [String: String] = [:]
  /// A file that breaks it: a rule that cannot find this finds nothing.
  let broken: (path: String, text: String)
  /// Where a file breaks the rule: lines from 1, and what to do.
  let check: @Sendable (SourceFile) -> [(line: Int, advice: String)]

  var testDescription: String { name }

  /// The findings as `path:line: advice`.
  func findings(in file: SourceFile) -> [String] {
    check(file).map { "\(file.path):\($0.line): \($0.advice)" }
  }
}

extension Rule {
  static let all = [longLine, longFile, longFunction, marker, unguarded, fileName] + bannedWords

  static let maxColumns = 100
  static let maxFileLines = 400
  static let maxFunctionLines = 70

  static let longLine = Rule(
    name: "a line has at most 100 columns",
    broken: ("Sources/A/A.swift", "let a = \"\(String(repeating: "é", count: 100))\"\n"),
    check: { file in
      file.lines.enumerated().filter { $0.element.count > maxColumns }
        .map { ($0.offset + 1, "\($0.element.count) columns; break the line") }
    })

  static let longFile = Rule(
    name: "a file has at most 400 lines",
    broken: ("Sources/A/A.swift", String(repeating: "let a = 1\n", count: 401)),
    check: { file in
      file.lines.count > maxFileLines ? [(maxFileLines, "too long; find the second subject")] : []
    })

  static let longFunction = Rule(
    name: "a function has at most 70 lines",
    broken: (
      "Sources/A/A.swift",
      "func a(b: () -> Void = {}) {\n\(String(repeating: "  b()\n", count: 70))}\n"
    ),
    check: { file in
      FunctionSpan.all(in: file).filter { $0.lineCount > maxFunctionLines }
        .map { ($0.firstLine, "\($0.lineCount) lines; find the second function") }
    })

  static let marker = Rule(
    name: "no comment says that work is left",
    broken: ("Sources/A/A.swift", "let a = 1  // FIXME: wrong\n"),
    check: { file in
      file.comments.enumerated()
        .filter { line in ["FIXME", "TODO", "XXX"].contains { line.element.contains($0) } }
        .map { ($0.offset + 1, "finish it, or write an issue") }
    })

  static let unguarded = Rule(
    name: "what the compiler cannot check says what guards it",
    broken: ("Sources/A/A.swift", "/// A box.\nfinal class Box: @unchecked Sendable {}\n"),
    check: { file in
      let guards = ["guard", "queue", "loop", "thread", "immutable", "never change"]
      return file.code.indices
        .filter { line in
          ["@unchecked Sendable", "nonisolated(unsafe)"].contains { file.code[line].contains($0) }
        }
        .filter { line in
          let above = file.comments[..<line].reversed().prefix { !$0.allSatisfy(\.isWhitespace) }
          return !above.contains { comment in guards.contains { comment.contains($0) } }
        }
        .map { ($0 + 1, "say in a comment directly above what guards it") }
    })

  static let fileName = Rule(
    name: "a file is named for what it holds",
    broken: ("Sources/A/ChangeManager.swift", ""),
    check: { file in
      let vague = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utilities", "Service", "+ext"]
      return vague.contains { file.name.hasSuffix($0) }
        ? [(1, "'\(file.name)' says nothing; name the noun or the deed")] : []
    })
}
