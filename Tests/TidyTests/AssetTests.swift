import Testing

/// Templates and public files: none is left over, none is missing.
struct AssetTests {
  /// Templates that no Swift file names, nor any template that is itself reached.
  private func unreached(templates: [String: String], swift: [String]) -> [String] {
    var open = templates.keys.filter { name in swift.contains { $0.contains("\"\(name)\"") } }
    var reached: Set<String> = []
    while let name = open.popLast() {
      guard reached.insert(name).inserted, let text = templates[name] else { continue }
      open += text.matches(of: /\{\{[><]\s*([^\s}]+)/).map { String($0.1) }
    }
    return templates.keys.filter { !reached.contains($0) }.sorted()
  }

  /// The names after `/public/` in these texts.
  private func publicNames(in texts: [String]) -> Set<String> {
    Set(texts.flatMap { $0.matches(of: /\/public\/([A-Za-z0-9._\/-]+)/).map { String($0.1) } })
  }

  private let templates = Dictionary(
    uniqueKeysWithValues: Repository.files(below: "Templates", endingIn: ".mustache").map {
      let name = $0.dropFirst("Templates/".count).dropLast(".mustache".count)
      return (String(name), Repository.text(of: $0))
    })

  @Test func `every template is reached from a page`() throws {
    try #require(!templates.isEmpty, "no template was found")
    let swift = Repository.files(below: "Sources", endingIn: ".swift").map(Repository.text(of:))
    #expect(unreached(templates: templates, swift: swift) == [])
  }

  @Test func `a template that only another unreached one names is found`() {
    let templates = [
      "layout": "", "a/show": "{{<layout}}{{> parts/x }}{{/layout}}", "parts/x": "{{>parts/y}}",
      "parts/y": "", "b": "{{>c}}", "c": "",
    ]
    #expect(unreached(templates: templates, swift: ["let template = \"a/show\""]) == ["b", "c"])
  }

  @Test func `every public file is named by a template or stylesheet, and every name exists`()
    throws
  {
    let files = Repository.files(below: "Public")
    try #require(!files.isEmpty, "no public file was found")
    let stylesheets = files.filter { $0.hasSuffix(".css") }.map(Repository.text(of:))
    let names = publicNames(in: stylesheets + templates.values)
    #expect(Set(files.map { String($0.dropFirst("Public/".count)) }) == names)
  }

  @Test func `names of public files are read from attributes and stylesheets`() {
    let texts = ["<use href=\"/public/icons.svg#x\"/>", "a { background: url(/public/b/c.png) }"]
    #expect(publicNames(in: texts) == ["icons.svg", "b/c.png"])
  }

  @Test func `a page never loads more than 15 kB of scripts`() throws {
    let scripts = Repository.files(below: "Public", endingIn: ".js")
    try #require(!scripts.isEmpty, "no script was found")
    let sizes = scripts.map { Repository.text(of: $0).utf8.count }
    #expect(sizes.reduce(0, +) <= 15_000, "\(zip(scripts, sizes).map { "\($0) \($1)" })")
  }
}
