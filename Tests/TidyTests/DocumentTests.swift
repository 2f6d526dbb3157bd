import Testing

/// What the documents say of the repository, held against it.
@Suite struct DocumentTests {
  /// What stands between backticks in a document.
  private func quoted(in document: String) -> [String] {
    let parts = Repository.text(of: document).split(
      separator: "`", omittingEmptySubsequences: false)
    return parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  /// Every file, below the root.
  private var files: [String] {
    ["Sources", "Tests", "Templates", "Public", "docs"].flatMap { Repository.files(below: $0) }
  }

  @Test func `every path that a document names is there`() {
    // The page on adding a page makes one up.
    let madeUp = ["Snapshots", "snapshots"]
    let documents = ["README.md"] + Repository.files(below: "docs", endingIn: ".md")
    var checked = 0
    for document in documents {
      for path in quoted(in: document)
      where path.contains("/") && !path.contains(" ") && path.first?.isUppercase == true {
        guard !madeUp.contains(where: path.contains) else { continue }
        let isThere = files.contains { file in
          "/\(file)".contains("/\(path)") || file.hasPrefix("Sources/Portal/\(path)")
        }
        #expect(isThere, "\(document) names \(path)")
        checked += 1
      }
    }
    #expect(checked >= 20)
  }

  @Test func `every test that the threat model names is there`() {
    let suites = quoted(in: "docs/threat-model.md").filter { $0.hasSuffix("Tests") }
    #expect(suites.count >= 10)
    for suite in suites {
      let isThere = files.contains {
        $0.hasSuffix("/\(suite).swift") || $0.hasPrefix("Tests/\(suite)/")
      }
      #expect(isThere, "\(suite)")
    }
  }

  @Test func `the README names every key of the configuration, and no other`() {
    let source = Repository.text(of: "Sources/Portal/Configuration.swift")
    let keys = source.split(separator: "\"").map(String.init).filter { word in
      !word.isEmpty && word.allSatisfy { $0.isLowercase || $0 == "_" }
        && source.contains("(\"\(word)\")")
    }
    #expect(Set(keys).count >= 12)
    let named = Set(quoted(in: "README.md"))
    for key in Set(keys) { #expect(named.contains(key), "\(key)") }
  }

  @Test func `every make target that a document names is in the Makefile`() {
    let makefile = Repository.text(of: "Makefile")
    let documents = ["README.md"] + Repository.files(below: "docs", endingIn: ".md")
    let targets = Set(
      documents.flatMap { document in
        Repository.text(of: document).matches(of: /(?:`|\n    )make\s+([a-z-]+)/)
          .map { String($0.1) }
      })
    #expect(targets.isSuperset(of: ["run", "test", "test-long"]))
    for target in targets { #expect(makefile.contains("\n\(target):"), "make \(target)") }
  }

  @Test func `every subcommand that operations shows exists`() {
    let text = Repository.text(of: "docs/operations.md") + Repository.text(of: "README.md")
    let command = Repository.files(below: "Sources/Command").map(Repository.text(of:)).joined()
    for name in [
      "serve", "check", "status", "user add", "user list", "user disable", "user reset-password",
      "user remove-factor", "user link", "user unlink", "user erase", "audit verify",
      "audit export", "audit rotate-key", "clock accept", "backup", "restore", "diagnostics",
      "iam-policy",
    ] {
      #expect(text.contains("caretaker \(name)"), "\(name)")
      let type = name.split(separator: " ").last.map { word in
        word.split(separator: "-").map(\.capitalized).joined()
      }
      let isThere = ["struct \(type ?? ""):", "commandName: \"\(name)\""].contains {
        command.contains($0)
      }
      #expect(isThere, "\(name)")
    }
  }
}

extension Substring {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
