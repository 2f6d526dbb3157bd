import Foundation
import Mustache
import Testing

/// The example of Sources/Mustache/Mustache.docc/Mustache.md, as it stands there.
struct ExampleTests {
  private struct Vote: TemplateData {
    let person: String
    static let fields: [Field<Vote>] = [.text("person") { $0.person }]
  }

  private struct ChangePage: TemplateData {
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

  @Test func `the page has the lines of this file`() throws {
    let here = try String(contentsOfFile: #filePath, encoding: .utf8)
    let own = here.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Mustache/Mustache.docc/Mustache.md").path
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let block = try #require(page.firstMatch(of: /```swift\n([\s\S]*?)```/)).1
    let lines = block.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.count >= 15)
    for line in lines {
      #expect(own.contains(line) || own.contains("private \(line)"), "\(line)")
    }
  }
}
