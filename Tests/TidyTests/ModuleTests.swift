import Testing

/// Each C module has exactly one importer: the box that guards its pointers.
struct ModuleTests {
  /// `module: importing targets` for each module that has not exactly one importer.
  private func shared(modules: [String], files: [SourceFile]) -> [String] {
    modules.compactMap { module in
      let importers = files.filter { file in
        file.code.contains { $0.split(separator: " ").suffix(2) == ["import", module[...]] }
      }
      let targets = Set(importers.map { $0.path.split(separator: "/")[1] }).sorted()
      return targets.count == 1 ? nil : "\(module): \(targets.joined(separator: ", "))"
    }
  }

  @Test func `each C module is imported by exactly one target`() throws {
    let headers = Repository.files(below: "Sources", endingIn: ".h")
    let modules = Set(headers.map { String($0.split(separator: "/")[1]) }).sorted()
    try #require(!modules.isEmpty, "no C module was found")
    let sources = Repository.swiftFiles.filter { $0.path.hasPrefix("Sources/") }
    #expect(shared(modules: modules, files: sources) == [])
  }

  @Test func `a module with two importers or none is found`() {
    let files = [
      SourceFile(path: "Sources/A/A.swift", text: "import CCurl\n"),
      SourceFile(path: "Sources/A/B.swift", text: "private import CCurl\n"),
      SourceFile(path: "Sources/B/B.swift", text: "internal import CSys\n// import CCurl\n"),
      SourceFile(path: "Sources/A/C.swift", text: "import CSys\n"),
    ]
    #expect(
      shared(modules: ["CCurl", "CSys", "CArgon2"], files: files) == ["CSys: A, B", "CArgon2: "])
  }
}
