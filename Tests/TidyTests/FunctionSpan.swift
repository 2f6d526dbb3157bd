/// The lines of one function or initializer, from its first word to its closing brace.
struct FunctionSpan {
  let firstLine: Int
  let lineCount: Int

  /// All that have a body, nested ones too.
  static func all(in file: SourceFile) -> [FunctionSpan] {
    file.code.indices.filter { startsFunction(file.code[$0]) }.compactMap { start in
      end(from: start, in: file.code).map {
        FunctionSpan(firstLine: start + 1, lineCount: $0 - start + 1)
      }
    }
  }

  private static func startsFunction(_ line: Substring) -> Bool {
    let modifiers: Set<Substring> = [
      "public", "private", "fileprivate", "internal", "package", "static", "class", "final",
      "mutating", "nonmutating", "override", "required", "convenience", "nonisolated", "borrowing",
      "consuming", "indirect",
    ]
    let words = line.split(separator: " ").drop { modifiers.contains($0) || $0.hasPrefix("@") }
    guard let first = words.first else { return false }
    return first == "func" || ["init(", "init?(", "init<"].contains { first.hasPrefix($0) }
  }

  /// The line with the brace that closes the body; nil for a requirement of a protocol.
  private static func end(from start: Int, in code: [Substring]) -> Int? {
    var (parentheses, braces) = (0, 0)
    for line in start..<code.count {
      if line > start, braces == 0, parentheses == 0, startsFunction(code[line]) { return nil }
      for character in code[line] {
        switch character {
        case "(" where braces == 0: parentheses += 1
        case ")" where braces == 0: parentheses -= 1
        case "{" where parentheses == 0: braces += 1
        case "}" where parentheses == 0 && braces == 0: return nil
        case "}" where parentheses == 0:
          braces -= 1
          if braces == 0 { return line }
        default: break
        }
      }
    }
    return nil
  }
}
