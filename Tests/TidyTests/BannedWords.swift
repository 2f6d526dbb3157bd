extension Rule {
  static let bannedWords = [
    banned("try!", "throw the error on, or handle it"),
    banned("as!", "use `as?` and say what happens otherwise"),
    banned("fatalError(", "throw; for our own mistakes, `preconditionFailure` with a sentence"),
    banned("print(", "log it; only the command writes to the terminal", below: "Sources/Command/"),
    banned(
      "Date()", "take the time as an argument", below: "Sources/Command/",
      exceptions: [
        "Sources/Portal/Outside.swift": "the one place where the clock comes in",
        "Tests/PortalTests/Stage.swift": "the peer checks the date of signatures",
      ]),
  ]

  /// A rule against `word` in code, everywhere but below one folder.
  private static func banned(
    _ word: String, _ advice: String, below allowed: String? = nil,
    exceptions: [String: String] = [:]
  ) -> Rule {
    Rule(
      name: "no `\(word)`", exceptions: exceptions,
      broken: ("Sources/A/A.swift", "let a = \(word)\n"),
      check: { file in
        if let allowed, file.path.hasPrefix(allowed) { return [] }
        return file.code.enumerated().filter { $0.element.containsWord(word) }
          .map { ($0.offset + 1, advice) }
      })
  }
}

extension Substring {
  /// Whether `word` stands here by itself, not as the end of a longer name or as a method's.
  fileprivate func containsWord(_ word: String) -> Bool {
    ranges(of: word).contains { range in
      guard let before = self[..<range.lowerBound].last else { return true }
      return !before.isLetter && !before.isNumber && before != "_" && before != "."
    }
  }
}
