import Testing

@testable import Rules

/// What can be told of a theme from names and texts alone.
@Suite struct ThemeTests {
  private static let theme = ["package.json", "index.hbs", "post.hbs", "assets/a.css"]

  private func problem(_ paths: [String], below folder: String? = nil) -> ThemeProblem? {
    do {
      _ = try ThemeLayout(paths, below: folder)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["", "theme/", "My Theme 1.2/", "a/b/"])
  func `a theme is found at the root or in a folder of its own`(prefix: String) throws {
    let paths = Self.theme.map { prefix + $0 }
    let layout = try ThemeLayout(paths)
    #expect(layout.prefix == prefix)
    #expect(layout.kept == paths)
    #expect(layout.isRepacked == !prefix.isEmpty)
  }

  @Test func `what the workflow leaves out is left out, and litter too`() throws {
    let others = [
      ".gitignore", ".github/a.yml", "sub/.git/config", "dist.zip", "yarn.lock", "npm-debug.log",
      "pnpm-workspace.yaml", "node_modules/x/index.hbs", "AGENTS.md", "routes.yaml",
      "a/redirects.json", "redirects.yaml", ".DS_Store", "assets/Thumbs.db", "__MACOSX/._index.hbs",
    ]
    let layout = try ThemeLayout(Self.theme + others)
    #expect(layout.kept == Self.theme)
    #expect(Set(layout.leftOut) == Set(others))
    let near = ["assets/yarn.svg", "legit.hbs", "partials/npm.hbs", "assets/zip.js"]
    #expect(try ThemeLayout(Self.theme + near).leftOut == [])
  }

  @Test func `two themes, none, or something beside it are refused`() {
    #expect(
      problem(Self.theme + ["demo/index.hbs"])
        == .severalIndexes(["index.hbs", "demo/index.hbs"]))
    #expect(problem(["a.txt"]) == .missing("index.hbs"))
    #expect(problem(["t/index.hbs", "t/package.json"]) == .missing("post.hbs"))
    #expect(problem(["t/index.hbs", "t/post.hbs"]) == .missing("package.json"))
    #expect(problem(Self.theme.map { "t/" + $0 } + ["b.txt"]) == .severalRoots(["b.txt"]))
    #expect(problem([]) == .missing("index.hbs"))
  }

  @Test func `in a repository's archive only the theme's folder counts`() throws {
    let root = "owner-name-0123456/"
    let theme = Self.theme.map { root + "theme/" + $0 }
    let layout = try ThemeLayout(theme + [root + "lib/a.ts", root + "index.hbs"], below: "theme/")
    #expect(layout.prefix == root + "theme/")
    #expect(layout.kept == theme)
    #expect(problem([root + "a.txt"], below: "theme/") == .noFolder("theme/"))
    #expect(problem([root + "a.txt", "other/b.txt"], below: "theme/") != nil)
    let deeper = Self.theme.map { root + "theme/src/" + $0 }
    #expect(problem(deeper, below: "theme/") == .indexElsewhere(root + "theme/src/"))
  }

  @Test func `every problem says what to do`() {
    let problems: [ThemeProblem] = [
      .missing("post.hbs"), .severalIndexes(["a", "b", "c", "d"]), .severalRoots(["a"]),
      .noFolder("theme/"), .badPackage("has no name"), .reserved("casper"),
    ]
    let words = ["Pack", "pack", "Give", "Choose", "Correct"]
    for problem in problems {
      #expect(words.contains { problem.description.contains($0) }, "\(problem)")
    }
  }

  @Test(arguments: [
    ("a", "1.0.0", true), ("my-theme_2", "1.0.0-rc.1+5", true), ("", "1", false), ("a", "", false),
    ("A", "1", false), ("a.zip", "1", false), ("a b", "1", false), ("../a", "1", false),
    ("ä", "1", false), ("a", "1 0", false), ("a", "1\"", false), ("casper", "1", false),
    ("source", "1", false), (String(repeating: "a", count: 101), "1", false),
  ])
  func `a name that Ghost would change, and its own themes, are refused`(
    name: String, version: String, isGood: Bool
  ) {
    #expect(((try? ThemePackage(name: name, version: version)) != nil) == isGood)
  }

  @Test func `files are told apart by content`() {
    func file(_ path: String, _ digest: String) -> ThemeFile {
      ThemeFile(path: path, bytes: 1, sha256: digest)
    }
    let found = ThemeComparison(
      from: [file("a", "1"), file("b", "1"), file("c", "1")],
      to: [file("b", "2"), file("c", "1"), file("d", "1")])
    #expect(found.added == ["d"] && found.removed == ["a"] && found.changed == ["b"])
    #expect(found.words == "Files: 1 added, 1 removed, 1 changed.")
    #expect(
      ThemeComparison(from: [file("a", "1")], to: [file("a", "1")]).words == "No file differs.")
  }

  @Test(arguments: [
    ("1.3.9", "1.4.0", true), ("1.10.0", "1.9.0", false), ("1.9.0", "1.10.0", true),
    ("1.0", "1.0.0", false), ("2", "10", true), ("1.0.0", "1.0.0-rc.1", false),
    ("x", "1", true), ("1", "1", false),
  ])
  func `versions are in the order of their numbers`(one: String, other: String, isOlder: Bool) {
    #expect(ThemeVersionOrder.isOlder(one, than: other) == isOlder)
  }
}

/// What Ghost shows, held against the version that was deployed last.
@Suite struct DeployedThemeTests {
  private func finding(_ id: String, _ change: (inout BlogFacts) -> Void) -> Finding? {
    var estate = Estate(now: EstateSamples.now)
    estate.deployedTheme = DeployedTheme(name: "fresh", version: "1.4.0", number: 7)
    var blog = EstateSamples.blog
    change(&blog)
    estate.add(blog)
    return Check.findings(in: estate).first { $0.id == id }
  }

  private let mend = Mend("theme.deploy", ["theme": "7"])

  @Test func `a missing theme is mended by the version that was deployed last, no other is`() {
    #expect(finding("site.theme") { $0.missingTheme = "fresh" }?.mend == mend)
    #expect(finding("site.theme") { $0.missingTheme = "casper" }?.mend == nil)
  }

  @Test func `an older version, or another theme, is found by whatever tells it`() {
    let id = "site.theme-version"
    #expect(finding(id) { $0.pageTheme = "fresh 1.3.0" }?.mend == mend)
    #expect(finding(id) { $0.pageTheme = "fresh 1.4.0" }?.outcome == .pass)
    #expect(finding(id) { $0.pageTheme = "fresh 1.10.0" }?.outcome == .pass)
    #expect(finding(id) { ($0.activeTheme, $0.activeVersion) = ("fresh", "1.3.9") }?.mend == mend)
    #expect(finding(id) { $0.activeTheme = "casper" }?.mend == mend)
    // What nothing tells is no finding, and what is missing is the other check's.
    #expect(finding(id) { $0.activeTheme = "fresh" } == nil)
    #expect(finding(id) { _ in } == nil)
    #expect(finding(id) { ($0.pageTheme, $0.missingTheme) = ("fresh 1.0.0", "fresh") } == nil)
  }
}

/// Texts compared line by line.
@Suite struct LineDiffTests {
  private func shown(_ before: String, _ after: String) -> [String] {
    LineDiff(from: before, to: after).lines.map { $0.mark.rawValue + $0.text }
  }

  @Test func `what changed is shown with three lines around it, and what is passed over counted`() {
    let before = (1...20).map { "\($0)\n" }.joined()
    let after = before.replacingOccurrences("10\n", "ten\n")
    #expect(
      shown(before, after) == [
        "@6 lines", " 7", " 8", " 9", "-10", "+ten", " 11", " 12", " 13",
      ])
  }

  @Test func `equal texts, an added one and a removed one`() {
    #expect(shown("a\nb\n", "a\nb\n") == [])
    #expect(shown("", "a\nb\n") == ["+a", "+b"])
    #expect(shown("a\nb", "") == ["-a", "-b"])
    #expect(shown("a\n", "a\nb\n") == [" a", "+b"])
    #expect(shown("b\n", "a\nb\n") == ["+a", " b"])
    #expect(shown("a\r\nb\r\n", "a\nb\n") == [])
  }

  @Test func `what it takes and what it shows is bounded`() {
    let before = (0..<50_000).map { "a\($0)\n" }.joined()
    let after = (0..<50_000).map { "b\($0)\n" }.joined()
    let diff = LineDiff(from: before, to: after)
    #expect(diff.isCut)
    #expect(diff.lines.count == LineDiff.linesMax)
    let long = LineDiff(from: "", to: String(repeating: "x", count: 10_000))
    #expect(long.lines[0].text.count == LineDiff.columnsMax + 1)
  }

  @Test func `lines put back in order give both texts`() {
    var state: UInt64 = 1
    func random(_ below: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return (state >> 33) % below
    }
    for _ in 0..<200 {
      let before = (0..<random(8)).map { _ in "\(random(3))" }
      let after = (0..<random(8)).map { _ in "\(random(3))" }
      let lines = LineDiff(
        from: before.map { $0 + "\n" }.joined(), to: after.map { $0 + "\n" }.joined()
      ).lines.filter { $0.mark != .gap }
      guard before != after else { continue }
      let old = lines.filter { $0.mark != .added }.map(\.text)
      let new = lines.filter { $0.mark != .removed }.map(\.text)
      #expect(before.suffix(old.count) == old[...] || before.count > old.count)
      #expect(new.count <= after.count && old.count <= before.count)
      #expect(new.count - old.count == after.count - before.count)
    }
  }
}

extension String {
  fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}
