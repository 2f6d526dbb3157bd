import Foundation
import Testing

/// What every template owes to those who can't see the page.
struct TemplateTests {
  private let templates = Repository.files(below: "Templates", endingIn: ".mustache")
    .map { (name: $0, text: Repository.text(of: $0)) }

  /// What stands between each opening of an element and its end.
  private func elements(_ name: String, in text: String) -> [String] {
    text.components(separatedBy: "<\(name)").dropFirst().map {
      $0.components(separatedBy: "</\(name)>")[0]
    }
  }

  @Test func `every table says what it holds, and every heading of one what it heads`() throws {
    try #require(!templates.isEmpty, "no template was found")
    for (name, text) in templates {
      for table in elements("table", in: text) {
        #expect(table.contains("<caption"), "\(name)")
        let bare = elements("th", in: table).filter {
          !$0.hasPrefix("ead") && !$0.contains("scope=")
        }
        #expect(bare == [], "\(name)")
      }
    }
  }

  @Test func `every summary of what is wrong takes the focus and leads to where it is`() {
    let summaries = templates.flatMap { name, text in
      text.components(separatedBy: "class=\"errors\"").dropFirst()
        .map { (name, $0.components(separatedBy: "{{/problem}}")[0]) }
        .filter { $0.1.prefix { $0 != ">" }.contains("role=\"alert\"") }
    }
    #expect(summaries.count >= 20)
    for (name, summary) in summaries where summary.contains("There is a problem") {
      #expect(summary.contains("tabindex=\"-1\" autofocus>"), "\(name)")
      #expect(summary.contains("<li><a href=\""), "\(name)")
    }
  }
}
