import Testing

/// `docs/security.md` against the tests that it names.
@Suite struct SecurityDocumentTests {
  private let document = "docs/security.md"

  private func rows(below heading: String) -> [[Substring]] {
    let text = Repository.text(of: document)
    guard let start = text.firstRange(of: "\n## \(heading)\n")?.upperBound else { return [] }
    let part = text[start...]
    return part[..<(part.firstRange(of: "\n## ")?.lowerBound ?? part.endIndex)]
      .split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.contains("shown by") }
      .map { $0.split(separator: "|").map { $0.trimmingSpaces } }
  }

  /// `Suite/sentence` between backticks.
  private func tests(in cell: Substring) -> [Substring] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map(\.element)
  }

  /// The suite is the name of its file, in Swift or in Python.
  private func isThere(_ test: Substring) -> Bool {
    guard let slash = test.firstIndex(of: "/") else { return false }
    let (suite, sentence) = (test[..<slash], test[test.index(after: slash)...])
    return Self.files.contains { path, text in
      path.hasSuffix("/\(suite).swift") && text.contains("func `\(sentence)`")
        || path.hasSuffix("/\(suite).py") && text.contains("\ndef \(sentence)(")
    }
  }

  private static let files = ["swift", "py"].flatMap { ending in
    Repository.files(below: "Tests", endingIn: ".\(ending)")
      .map { (path: $0, text: Repository.text(of: $0)) }
  }

  @Test(arguments: [("ASVS 5.0", 100), ("Mistakes that others have published", 20)])
  func `every row names tests that are there, or says why there is none`(
    heading: String, count: Int
  ) throws {
    let rows = rows(below: heading)
    #expect(rows.count == count)
    for row in rows {
      let words = row[row.count - 2]
      let named = tests(in: try #require(row.last))
      let isExplained = ["open: ", "not applicable: "].contains { words.contains($0) }
      #expect(!named.isEmpty || isExplained, "\(row[0])")
      for test in named { #expect(isThere(test), "\(row[0]): \(test)") }
    }
  }

  @Test func `a test that is not there is found`() {
    #expect(isThere("SecurityDocumentTests/a test that is not there is found"))
    #expect(!isThere("SecurityDocumentTests/nobody wrote this"))
    #expect(!isThere("no test at all"))
  }

  @Test func `each requirement stands once`() {
    let names = rows(below: "ASVS 5.0").map(\.[0])
    #expect(Set(names).count == names.count)
  }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    let end = lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex
    return self[..<end].drop { $0 == " " }
  }
}
