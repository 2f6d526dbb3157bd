import Mustache
import Testing

struct InheritanceTests {
  let layout = ["layout": "<h1>{{$title}}Untitled{{/title}}</h1>{{$body}}{{/body}}."]

  @Test func `a block prints its default content`() throws {
    #expect(try render("{{$title}}Default {{text}}{{/title}}") == "Default text")
    #expect(try render("{{<layout}}{{/layout}}", with: layout) == "<h1>Untitled</h1>.")
  }

  @Test func `a child's blocks take the place of its parent's`() throws {
    let source = """
      {{<layout}}
        {{! Comments and white space may stand here. }}
        {{$body}}Body {{text}}{{/body}}
        {{$title}}Mine{{/title}}
      {{/layout}}
      """
    #expect(try render(source, with: layout) == "<h1>Mine</h1>Body text.")
  }

  @Test func `blocks of one child do not reach into another's parent`() throws {
    let source = "{{<layout}}{{$title}}1{{/title}}{{/layout}}{{<layout}}{{/layout}}"
    #expect(try render(source, with: layout) == "<h1>1</h1>.<h1>Untitled</h1>.")
  }

  @Test func `the last child in a line of parents has the word`() throws {
    let others = layout.merging(
      [
        "middle":
          "{{<layout}}{{$title}}Middle{{/title}}{{$body}}{{$side}}s{{/side}}{{/body}}{{/layout}}"
      ]
    ) { $1 }
    #expect(try render("{{<middle}}{{/middle}}", with: others) == "<h1>Middle</h1>s.")
    #expect(
      try render("{{<middle}}{{$title}}Last{{/title}}{{$side}}S{{/side}}{{/middle}}", with: others)
        == "<h1>Last</h1>S.")
  }

  @Test func `a block is read with the fields in reach at its place in the parent`() throws {
    let others = ["list": "{{#rows}}{{$row}}-{{/row}}{{/rows}}"]
    let page = TestPage(rows: [TestRow(name: "a"), TestRow(name: "b")])
    #expect(
      try render("{{<list}}{{$row}}{{name}},{{/row}}{{/list}}", page, with: others) == "a,b,")
  }

  @Test func `a block may stand in a parent's partial and more than once`() throws {
    let others = ["outer": "{{> head}}|{{$title}}x{{/title}}", "head": "{{$title}}y{{/title}}"]
    #expect(try render("{{<outer}}{{/outer}}", with: others) == "y|x")
    #expect(try render("{{<outer}}{{$title}}t{{/title}}{{/outer}}", with: others) == "t|t")
  }

  @Test func `a block of its own name inside an override means the override's default`() throws {
    let source = "{{<layout}}{{$title}}<{{$title}}in{{/title}}{{/title}}{{/layout}}"
    #expect(try render(source.replacing("<{{$", with: "[{{$"), with: layout) == "<h1>[in</h1>.")
  }

  @Test func `a parent may stand in an override`() throws {
    let others = layout.merging(["box": "[{{$content}}{{/content}}]"]) { $1 }
    let source =
      "{{<layout}}{{$body}}{{<box}}{{$content}}{{text}}{{/content}}{{/box}}{{/body}}{{/layout}}"
    #expect(try render(source, with: others) == "<h1>Untitled</h1>[text].")
  }

  @Test func `lines with nothing but a block or parent tag vanish`() throws {
    let others = ["layout": "Hi,\n{{$block}}\ndefault\n{{/block}}\nBye\n"]
    #expect(try render("{{<layout}}\n{{/layout}}\n", with: others) == "Hi,\ndefault\nBye\n")
    #expect(
      try render("{{<layout}}\n  {{$block}}\none\ntwo\n  {{/block}}\n{{/layout}}\n", with: others)
        == "Hi,\none\ntwo\nBye\n")
  }
}
