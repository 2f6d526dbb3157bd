import Mustache
import Testing

struct PartialTests {
  @Test func `a partial prints with the fields in reach at its tag`() throws {
    let others = ["parts/row": "*{{name}}*"]
    #expect(try render("{{#item}}{{>parts/row}}{{/item}}", with: others) == "*ana*")
    #expect(
      refusal(of: "{{> parts/row }}", with: others).hasPrefix(
        "parts/row.mustache:1: no field 'name' here"))
  }

  @Test func `a partial within a line leaves the line as it is`() throws {
    #expect(try render("| {{> p}} |", with: ["p": "\t|\t"]) == "| \t|\t |")
    #expect(try render("  {{text}}  {{> p}}\n", with: ["p": ">\n>"]) == "  text  >\n>\n")
  }

  @Test func `a partial alone on its line loses the line and lends its indentation`() throws {
    let source = "\\\n {{> p}}\n/\n"
    let page = TestPage(text: "<\n->")
    #expect(
      try render(source, page, with: ["p": "|\n{{text}}\n|\n"])
        == "\\\n |\n &lt;\n-&gt;\n |\n/\n")
    #expect(try render("|\r\n{{> p}}\r\n|", with: ["p": ">"]) == "|\r\n>|")
    #expect(try render("  {{> p}}\n>", with: ["p": ">\n>"]) == "  >\n  >>")
    #expect(try render(">\n  {{> p}}", with: ["p": ">\n>"]) == ">\n  >\n  >")
  }

  @Test func `indentation adds up through partials and does not fill empty lines`() throws {
    let others = ["a": "a\n\n {{> b}}\n", "b": "b\n{{#flag}}\nc\n{{/flag}}\n"]
    #expect(try render(" {{> a}}\n", with: others) == " a\n\n  b\n  c\n")
  }
}
