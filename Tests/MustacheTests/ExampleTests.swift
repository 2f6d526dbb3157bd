import Mustache
import Testing

/// The example of Sources/Mustache/Mustache.docc/Mustache.md, as it stands there
/// (DocumentedExampleTests).
struct ExampleTests {
  struct Vote: TemplateData {
    let person: String
    static let fields: [Field<Vote>] = [.text("person") { $0.person }]
  }

  struct ChangePage: TemplateData {
    let title: String
    let path: String
    let votes: [Vote]
    static let fields: [Field<ChangePage>] = [
      .text("title") { $0.title }, .link("path") { $0.path }, .list("votes") { $0.votes },
    ]
  }

  @Test func `it prints what it says`() throws {
    let library = try Library(sources: [
      "change": #"<a href="{{path}}">{{title}}</a>: {{#votes}}{{person}} {{/votes}}"#
    ])
    let template = try library.template("change", for: ChangePage.self)
    let page = ChangePage(title: "a < b", path: "/changes/1", votes: [Vote(person: "Ana")])
    let bytes = template.render(page)
    #expect(String(decoding: bytes, as: UTF8.self) == #"<a href="/changes/1">a &lt; b</a>: Ana "#)
  }
}
