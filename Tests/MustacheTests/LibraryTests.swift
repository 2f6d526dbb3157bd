import FoundationEssentials
import Mustache
import Testing

struct LibraryTests {
  /// Runs `body` with a new folder that holds these files.
  private func withFolder(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (path, bytes) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }
    try body(folder.path)
  }

  @Test func `a folder's templates are named by their paths, and other files are left alone`()
    throws
  {
    let files = [
      "layout.mustache": "[{{$body}}{{/body}}]",
      "changes/show.mustache": "{{<layout}}{{$body}}{{> changes/_row}}{{/body}}{{/layout}}",
      "changes/_row.mustache": "{{text}}",
      "changes/unused.mustache": "",
      "README.md": "{{",
    ]
    try withFolder(files.mapValues { Array($0.utf8) }) { folder in
      let library = try Library(directory: folder)
      #expect(library.names == ["changes/_row", "changes/show", "changes/unused", "layout"])
      let template = try library.template("changes/show", for: TestPage.self)
      #expect(template.render(TestPage()) == Array("[text]".utf8))
      #expect(template.reached == ["changes/_row", "changes/show", "layout"])
    }
  }

  @Test func `a text may be changed before it is read, and is UTF-8 then`() throws {
    try withFolder(["a.mustache": Array("<b src=x>{{text}}".utf8)]) { folder in
      let library = try Library(directory: folder) {
        $0.replacing("<b src=x>".utf8, with: "<b>".utf8)
      }
      let template = try library.template("a", for: TestPage.self)
      #expect(template.render(TestPage()) == Array("<b>text".utf8))
    }
    try withFolder(["a.mustache": Array("<b>".utf8)]) { folder in
      let problem = #expect(throws: TemplateProblem.self) {
        try Library(directory: folder) { $0 + [0xFF] }
      }
      #expect(problem?.reason == .notUTF8)
    }
  }

  @Test func `a folder that is missing is refused by its name`() {
    let problem = #expect(throws: TemplateProblem.self) {
      try Library(directory: "/no/such/folder")
    }
    #expect(problem?.description.hasPrefix("/no/such/folder: cannot be read: ") == true)
  }

  @Test func `a file that is not UTF-8 or not a file is refused by its name`() throws {
    try withFolder(["a.mustache": [0x61, 0xff]]) { folder in
      let problem = #expect(throws: TemplateProblem.self) { try Library(directory: folder) }
      #expect(problem?.description == "a.mustache:1: is not UTF-8")
    }
    try withFolder(["a.mustache/b.txt": []]) { folder in
      let problem = #expect(throws: TemplateProblem.self) { try Library(directory: folder) }
      #expect(problem?.description == "a.mustache:1: cannot be read: it is not a file")
    }
  }

  @Test func `a template renders from many tasks at once`() async throws {
    let library = try Library(sources: ["page": "{{#rows}}<p>{{name}}</p>{{/rows}}"])
    let template = try library.template("page", for: TestPage.self)
    await withTaskGroup(of: Bool.self) { group in
      for count in 0..<50 {
        group.addTask {
          let rows = (0..<count).map { TestRow(name: "\($0)") }
          let expected = rows.map { "<p>\($0.name)</p>" }.joined()
          return template.render(TestPage(rows: rows)) == Array(expected.utf8)
        }
      }
      for await isEqual in group { #expect(isEqual) }
    }
  }
}

/// A frame around any page, as a portal has it.
private struct Framed<Page: TemplateData>: TemplateData {
  let person: String
  let page: Page

  static var fields: [Field<Framed>] {
    [.text("person") { $0.person }] + Page.fields.map { $0.from { $0.page } }
  }
}

struct FramedTests {
  @Test func `fields of every kind keep their meaning inside a frame`() throws {
    let source = """
      {{person}}|{{text}}|{{link}}|{{{html}}}|{{#flag}}yes{{/flag}}|{{item.name}}|\
      {{item.row.name}}|{{#item}}{{name}} {{person}} {{text}}{{/item}}|\
      {{#rows}}{{name}}{{person}},{{/rows}}|\
      {{^other}}none{{/other}}{{#item.rows}}{{name}}{{/item.rows}}
      """
    let page = TestPage(
      item: TestItem(rows: [TestRow(name: "z")]), rows: [TestRow(name: "a"), TestRow(name: "b")])
    let library = try Library(sources: ["page": source])
    let template = try library.template("page", for: Framed<TestPage>.self)
    let bytes = template.render(Framed(person: "ben", page: page))
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "ben|text|/here|<b>bold</b>|yes|ana|inner|ana ben text|aben,bben,|nonez")
  }

  @Test func `a name in both the frame and the page is refused`() throws {
    struct Clash: TemplateData {
      static let fields: [Field<Clash>] = [.text("person") { _ in "" }]
    }
    let library = try Library(sources: ["page": ""])
    let problem = #expect(throws: TemplateProblem.self) {
      try library.template("page", for: Framed<Clash>.self)
    }
    #expect(problem?.reason == .repeatedField("person"))
  }
}
