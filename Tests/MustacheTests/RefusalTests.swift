import Mustache
import Testing

/// Every refusal, with its whole sentence: it is what somebody reads who mistyped.
struct RefusalTests {
  @Test(arguments: [
    (
      "a\n{{txet}}", "2: no field 'txet' here; there are: text, other, link, html, flag, item, rows"
    ),
    (
      "{{#rows}}\n\n{{#cells}}{{nmae}}{{/cells}}{{/rows}}",
      "3: no field 'nmae' here; there are: value, name, text, flag, cells, other, link, html, "
        + "item, rows"
    ),
    ("{{item.nmae}}", "1: no field 'nmae' here; there are: name, row, rows"),
    ("{{#item.text}}{{/item.text}}", "1: no field 'text' here; there are: name, row, rows"),
    ("{{Text}}", "1: no field 'Text' here; there are: text, other, link, html, flag, item, rows"),
  ])
  func `a name that no field answers is refused with those that exist`(
    source: String, sentence: String
  ) {
    #expect(refusal(of: source) == "page.mustache:" + sentence)
  }

  @Test(arguments: [
    ("{{rows}}", "'rows' is a list; open it as a section"),
    ("{{item}}", "'item' is an item; open it as a section or name its field"),
    ("{{flag}}", "'flag' is a flag; open it as a section"),
    ("{{html}}", "'html' is markup; print it as {{{html}}}"),
    ("{{{text}}}", "'text' is text; only trusted markup is printed unescaped"),
    ("{{&text}}", "'text' is text; only trusted markup is printed unescaped"),
    ("{{{link}}}", "'link' is text; only trusted markup is printed unescaped"),
    ("{{#html}}{{/html}}", "'html' is markup, which has no sections"),
    ("{{^html}}{{/html}}", "'html' is markup, which has no sections"),
    ("{{rows.name}}", "'rows' is not an item; it has no field 'name'"),
    ("{{item.name.first}}", "'name' is not an item; it has no field 'first'"),
  ])
  func `a field used against its kind is refused`(source: String, sentence: String) {
    #expect(refusal(of: source) == "page.mustache:1: " + sentence)
  }

  @Test(arguments: [
    ("a\n{{text", "2: this tag has no closing braces"),
    ("{{{text}}", "1: this tag has no closing braces"),
    ("x{{", "1: this tag has no closing braces"),
    ("{{! comment", "1: this tag has no closing braces"),
    ("{{}}", "1: '' is not a name"),
    ("{{ }}", "1: '' is not a name"),
    ("{{a b}}", "1: 'a b' is not a name"),
    ("{{a..b}}", "1: 'a..b' is not a name"),
    ("{{.a}}", "1: '.a' is not a name"),
    ("{{a/b}}", "1: 'a/b' is not a name"),
    ("{{té}}", "1: 'té' is not a name"),
    ("{{# }}{{/ }}", "1: '' is not a name"),
    ("{{> }}", "1: '' is not a name"),
    ("{{.}}", "1: '{{.}}' (give the row a field with a name) is not supported"),
    ("{{=<% %>=}}", "1: a change of delimiters is not supported"),
    ("{{>*text}}", "1: a dynamic name is not supported"),
    ("{{<*text}}{{/*text}}", "1: a dynamic name is not supported"),
    ("\n\n{{#flag}}\n", "3: 'flag' is never closed"),
    ("{{#flag}}{{^text}}{{/flag}}{{/text}}", "1: 'flag' closes here, but 'text' is open"),
    ("x\n{{/flag}}", "2: 'flag' closes here, but nothing is open"),
    ("{{$a}}", "1: 'a' is never closed"),
  ])
  func `what is not a tag, or not closed, is refused`(source: String, sentence: String) {
    #expect(refusal(of: source) == "page.mustache:" + sentence)
  }

  @Test func `tags nested too deep are refused`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "{{#flag}}", count: depth) + String(repeating: "{{/flag}}", count: depth)
    }
    #expect(refusal(of: nested(Library.maxNesting)) == "accepted")
    #expect(
      refusal(of: nested(Library.maxNesting + 1))
        == "page.mustache:1: tags are nested deeper than 64")
  }

  @Test func `a template above the limit is refused`() {
    let longest = String(repeating: "x", count: Library.maxSourceLength)
    #expect(refusal(of: longest) == "accepted")
    #expect(refusal(of: longest + "x") == "page.mustache:1: is longer than 1048576 bytes")
  }

  @Test func `a template that does not exist is refused where it is named`() throws {
    #expect(refusal(of: "\n{{> nav}}") == "page.mustache:2: there is no template 'nav'")
    #expect(refusal(of: "\n{{<nav}}{{/nav}}") == "page.mustache:2: there is no template 'nav'")
    let library = try Library(sources: [:])
    let problem = #expect(throws: TemplateProblem.self) {
      try library.template("page", for: TestPage.self)
    }
    #expect(problem?.description == "page.mustache:1: there is no template 'page'")
  }

  @Test func `a template that contains itself is refused, through sections too`() {
    #expect(
      refusal(of: "{{#item}}{{> p}}{{/item}}", with: ["p": "{{#row}}\n{{> p}}{{/row}}"])
        == "p.mustache:2: a template contains itself: page → p → p")
    #expect(
      refusal(of: "{{<a}}{{/a}}", with: ["a": "{{<b}}{{/b}}", "b": "{{<a}}{{/a}}"])
        == "b.mustache:1: a template contains itself: page → a → b → a")
    #expect(
      refusal(of: "{{<page}}{{/page}}")
        == "page.mustache:1: a template contains itself: page → page")
  }

  @Test(arguments: [
    ("{{<p}} \n stray{{/p}}", "2: only blocks may stand inside parent 'p'"),
    ("{{<p}}{{$a}}{{/a}}\n\n stray{{/p}}", "3: only blocks may stand inside parent 'p'"),
    ("{{<p}}\n{{text}}{{/p}}", "2: only blocks may stand inside parent 'p'"),
    ("{{<p}}{{#flag}}{{/flag}}{{/p}}", "1: only blocks may stand inside parent 'p'"),
    ("{{<p}}{{>p}}{{/p}}", "1: only blocks may stand inside parent 'p'"),
    ("{{<p}}{{$a}}1{{/a}}\n{{$a}}2{{/a}}{{/p}}", "2: block 'a' is given twice"),
    ("{{<p}}\n{{$c}}{{/c}}{{/p}}", "2: no block 'c' in 'p'; there are: a, b"),
    ("{{<none}}{{$a}}{{/a}}{{/none}}", "1: no block 'a' in 'none'; there are: none"),
  ])
  func `what a parent would not show is refused`(source: String, sentence: String) {
    let others = ["p": "{{$a}}{{$b}}{{/b}}{{/a}}", "none": ""]
    #expect(refusal(of: source, with: others) == "page.mustache:" + sentence)
  }

  @Test func `data that declares a name twice is refused`() throws {
    struct Twice: TemplateData {
      static let fields: [Field<Twice>] = [.text("a") { _ in "" }, .flag("a") { _ in true }]
    }
    let library = try Library(sources: ["page": ""])
    let problem = #expect(throws: TemplateProblem.self) {
      try library.template("page", for: Twice.self)
    }
    #expect(problem?.description == "page.mustache:1: the data declares field 'a' twice")
  }
}
