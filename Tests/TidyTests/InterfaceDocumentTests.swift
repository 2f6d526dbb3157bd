import Testing

/// `docs/interface.md` against the tests that it names.
@Suite struct InterfaceDocumentTests {
  @Test func `each of the forty expectations names tests that are there, or says what is missing`()
    throws
  {
    let rows = Repository.text(of: "docs/interface.md").split(separator: "\n")
      .map { $0.split(separator: "|").map(\.trimmingSpaces) }
      .filter { $0.count == 4 && Int($0[0]) != nil }
    #expect(rows.compactMap { Int($0[0]) } == Array(1...40))
    for row in rows {
      let named = NamedTest.all(in: row[3])
      #expect(!named.isEmpty || row[2].hasPrefix("missing: "), "\(row[0])")
      #expect(
        row[2] == "shown" || ["missing: ", "recorded check: "].contains { row[2].hasPrefix($0) },
        "\(row[0])")
      for test in named { #expect(NamedTest.isThere(test), "\(row[0]): \(test)") }
    }
  }
}
