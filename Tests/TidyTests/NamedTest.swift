/// Tests as documents name them: `Suite/sentence`.
enum NamedTest {
  /// What stands between backticks.
  static func all(in cell: Substring) -> [Substring] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map(\.element)
  }

  /// The suite is the name of its file, in Swift or in Python.
  static func isThere(_ test: Substring) -> Bool {
    guard let slash = test.firstIndex(of: "/") else { return false }
    let (suite, sentence) = (test[..<slash], test[test.index(after: slash)...])
    return files.contains { path, text in
      path.hasSuffix("/\(suite).swift") && text.contains("func `\(sentence)`")
        || path.hasSuffix("/\(suite).py") && text.contains("\ndef \(sentence)(")
    }
  }

  private static let files = ["swift", "py"].flatMap { ending in
    Repository.files(below: "Tests", endingIn: ".\(ending)")
      .map { (path: $0, text: Repository.text(of: $0)) }
  }
}

extension Substring {
  var trimmingSpaces: Substring {
    let end = lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex
    return self[..<end].drop { $0 == " " }
  }
}
