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

  @Test func `a page with a form has the summary of what is wrong, which takes the focus`() {
    let summary = Repository.text(of: "Templates/parts/problem.mustache")
    #expect(summary.contains("role=\"alert\" tabindex=\"-1\" autofocus>"))
    let link = "<li><a href=\"#main\">{{sentence}}</a></li>"
    #expect(summary.contains("{{#problems}}\(link){{/problems}}"))
    let pages = templates.filter { $0.text.contains("{{<layout}}") }
    let forms = pages.filter { _, text in
      elements("form", in: text).contains {
        $0.contains("<textarea") || $0.contains("method=\"post\"") && $0.contains("class=\"field")
      }
    }
    #expect(forms.count >= 15)
    // Nothing can be wrong with a choice of a list.
    let free = ["Templates/design/index.mustache", "Templates/account/choices.mustache"]
    for (name, text) in forms where !free.contains(name) {
      #expect(text.contains("{{>parts/problem}}"), "\(name)")
    }
  }

  @Test func `no template says what is wrong beside a field of its own accord`() {
    for (name, text) in templates where !name.hasPrefix("Templates/design/") {
      #expect(!text.contains("aria-invalid"), "\(name)")
      #expect(!text.contains("class=\"error\""), "\(name)")
    }
  }
}
