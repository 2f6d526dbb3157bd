import Mustache
import Testing

struct InterpolationTests {
  @Test func `a template without tags prints as it is`() throws {
    #expect(try render("Hello from {Mustache}! é🙂\n") == "Hello from {Mustache}! é🙂\n")
    #expect(try render("") == "")
  }

  @Test func `a variable prints its text, with white space inside the tag ignored`() throws {
    let page = TestPage(text: "world")
    #expect(try render("Hello, {{text}}!", page) == "Hello, world!")
    #expect(try render("|{{ text }}|{{\ttext\n}}|", page) == "|world|world|")
  }

  @Test func `a variable on its own line keeps the line`() throws {
    #expect(try render("  {{text}}\n", TestPage(text: "x")) == "  x\n")
  }

  @Test func `the five characters of HTML are escaped, all others are not`() throws {
    let page = TestPage(text: "& \" < > ' /=`é🙂\0")
    #expect(try render("{{text}}", page) == "&amp; &quot; &lt; &gt; &#39; /=`é🙂\0")
  }

  @Test(arguments: ["\u{301}", "\u{fe0f}", "\u{200d}", "\u{338}", "\u{20dd}", "\r\n"])
  func `no mark after a special character hides it from escaping`(mark: String) throws {
    let references = ["<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;", "'": "&#39;"]
    for (special, reference) in references {
      let page = TestPage(text: "a\(special)\(mark)b")
      #expect(try render("{{text}}", page) == "a\(reference)\(mark)b")
      #expect(try render("<p title=\"{{text}}\">", page) == "<p title=\"a\(reference)\(mark)b\">")
    }
  }

  @Test func `trusted markup prints as it is, with three braces or an ampersand`() throws {
    #expect(
      try render("{{{html}}}|{{&html}}|{{{ html }}}") == "<b>bold</b>|<b>bold</b>|<b>bold</b>")
  }

  @Test func `a printed value is never read as a template`() throws {
    #expect(try render("{{text}}", TestPage(text: "{{flag}} {{{html}}}")) == "{{flag}} {{{html}}}")
  }

  @Test func `a dotted name reads a field of an item, and is empty when the item is missing`()
    throws
  {
    #expect(try render("{{item.name}} {{item.row.name}}") == "ana inner")
    #expect(try render("|{{item.name}}|{{item.row.name}}|", TestPage(item: nil)) == "|||")
    let half = TestPage(item: TestItem(name: "x", row: nil))
    #expect(try render("|{{item.name}}|{{item.row.name}}|", half) == "|x||")
  }

  @Test func `a long text is escaped wherever its special characters are`() throws {
    let plain = String(repeating: "é<plain> & text ", count: 5_000)
    let escaped = String(repeating: "é&lt;plain&gt; &amp; text ", count: 5_000)
    #expect(try render("{{text}}", TestPage(text: plain)) == escaped)
  }

  @Test(arguments: [
    "/", "/changes/4?a=b", "#top", "?page=2", "https://example.com/a", "mailto:ana@example.com",
  ])
  func `a link to this server, a fragment, a query, https or mail is kept`(link: String) throws {
    #expect(try render("<a href=\"{{link}}\">", TestPage(link: link)) == "<a href=\"\(link)\">")
  }

  @Test(arguments: [
    "", "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x",
    "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
    "http://example.com", "evil.example", "\u{1}javascript:alert(1)", "/\u{0}", "HTTPS:evil",
  ])
  func `any other link becomes a number sign`(link: String) throws {
    #expect(try render("<a href=\"{{link}}\">", TestPage(link: link)) == "<a href=\"#\">")
  }

  @Test func `a mark after a link's slash does not hide a second slash or a quote`() throws {
    let page = TestPage(link: "/\u{301}\" onclick=\"x")
    #expect(try render("<a href='{{link}}'>", page) == "<a href='/\u{301}&quot; onclick=&quot;x'>")
    #expect(try render("{{link}}", TestPage(link: "\u{301}//x")) == "#")
  }
}
