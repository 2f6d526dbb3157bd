import Mustache
import Testing

struct SectionTests {
  @Test func `a flag shows its section or its inverted section`() throws {
    let source = "{{#flag}}yes{{/flag}}{{^flag}}no{{/flag}}"
    #expect(try render(source, TestPage(flag: true)) == "yes")
    #expect(try render(source, TestPage(flag: false)) == "no")
  }

  @Test func `text and links are true when not empty`() throws {
    let source = "{{#text}}[{{text}}]{{/text}}{{^text}}none{{/text}}{{#link}}L{{/link}}"
    #expect(try render(source, TestPage(text: "x")) == "[x]L")
    #expect(try render(source, TestPage(text: "", link: "")) == "none")
  }

  @Test func `an item's section shows it with its fields, innermost first`() throws {
    let source = "{{#item}}{{name}} {{text}} {{#row}}{{name}} {{text}}{{/row}}{{/item}}"
    #expect(try render(source) == "ana text inner row text")
    #expect(try render(source + "{{^item}}nobody{{/item}}", TestPage(item: nil)) == "nobody")
  }

  @Test func `a list's section repeats in order, and its inverted section shows for none`() throws {
    let source = "{{#rows}}({{name}}){{/rows}}{{^rows}}empty{{/rows}}"
    let rows = ["a", "b", "c"].map { TestRow(name: $0) }
    #expect(try render(source, TestPage(rows: rows)) == "(a)(b)(c)")
    #expect(try render(source) == "empty")
  }

  @Test func `sections nest, and reach the fields of all data around them`() throws {
    let source = """
      {{#rows}}{{#cells}}{{other}}.{{name}}.{{value}}{{^flag}}!{{/flag}} {{/cells}}|{{/rows}}
      """
    let rows = [
      TestRow(name: "r1", cells: [TestCell(value: "a"), TestCell(value: "b")]),
      TestRow(name: "r2", flag: true, cells: []),
      TestRow(name: "r3", flag: true, cells: [TestCell(value: "c")]),
    ]
    let page = TestPage(other: "p", rows: rows)
    #expect(try render(source, page) == "p.r1.a! p.r1.b! ||p.r3.c |")
  }

  @Test func `the same section may follow itself`() throws {
    let source = "{{#flag}}a{{/flag}}b{{#flag}}c{{/flag}}d"
    #expect(try render(source, TestPage(flag: true)) == "abcd")
    #expect(try render(source, TestPage(flag: false)) == "bd")
  }

  @Test func `a dotted name opens a section through an item`() throws {
    let source = "{{#item.rows}}{{name}},{{/item.rows}}{{^item.rows}}none{{/item.rows}}"
    let item = TestItem(rows: [TestRow(name: "a"), TestRow(name: "b")])
    #expect(try render(source, TestPage(item: item)) == "a,b,")
    #expect(try render(source, TestPage(item: TestItem())) == "none")
    #expect(try render(source, TestPage(item: nil)) == "none")
    #expect(try render("{{#item.row}}{{name}}{{/item.row}}") == "inner")
  }

  @Test func `lines with nothing but a section tag vanish, line ends of either kind`() throws {
    let page = TestPage(flag: true)
    #expect(
      try render("| This\n  {{#flag}}\n| Is\n\t{{/flag}}  \n| Line\n", page)
        == "| This\n| Is\n| Line\n")
    #expect(try render("|\r\n{{#flag}}\r\n{{/flag}}\r\n|", page) == "|\r\n|")
    #expect(try render("  {{#flag}}\n#{{/flag}}\n/", page) == "#\n/")
    #expect(try render("#{{#flag}}\n/\n  {{/flag}}", page) == "#\n/\n")
  }

  @Test func `a tag that shares its line leaves the line as it is`() throws {
    let page = TestPage(flag: true)
    #expect(try render(" | {{#flag}}\t|\t{{/flag}} | \n", page) == " | \t|\t | \n")
    #expect(
      try render(" {{#flag}}YES{{/flag}}\n {{#flag}}GOOD{{/flag}}\n", page) == " YES\n GOOD\n")
  }
}
