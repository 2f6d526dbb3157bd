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

  @Test(arguments: [("ASVS 5.0", 100), ("Mistakes that others have published", 20)])
  func `every row names tests that are there, or says why there is none`(
    heading: String, count: Int
  ) throws {
    let rows = rows(below: heading)
    #expect(rows.count == count)
    for row in rows {
      let words = row[row.count - 2]
      let named = NamedTest.all(in: try #require(row.last))
      let isExplained = ["open: ", "not applicable: "].contains { words.contains($0) }
      #expect(!named.isEmpty || isExplained, "\(row[0])")
      for test in named { #expect(NamedTest.isThere(test), "\(row[0]): \(test)") }
    }
  }

  @Test func `a test that is not there is found`() {
    #expect(NamedTest.isThere("SecurityDocumentTests/a test that is not there is found"))
    #expect(!NamedTest.isThere("SecurityDocumentTests/nobody wrote this"))
    #expect(!NamedTest.isThere("no test at all"))
  }

  @Test func `each requirement stands once`() {
    let names = rows(below: "ASVS 5.0").map(\.[0])
    #expect(Set(names).count == names.count)
  }
}
