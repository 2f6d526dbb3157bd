import Mustache
import Testing

/// Where in the HTML a value may stand.
struct PlaceTests {
  @Test(arguments: [
    "<p>{{text}}</p>", "<p title=\"{{text}}\" lang='{{text}}'>{{text}}", "<p title = \"{{text}}\">",
    "<textarea>{{text}}</textarea><title>{{text}}</title>", "a < b {{text}}", "1<2{{text}}",
    "<!-- x --> {{text}}", "<!-->{{text}}", "<!--a--!>{{text}}", "</>{{text}}", "<!x=\">{{text}}",
    "<script></script >{{text}}", "<script></SCRIPT/>{{text}}", "<<b>{{text}}",
    "<!doctype html>{{text}}", "<br/>{{text}}", "<a data-x=1>{{text}}",
    "<input disabled value=\"{{text}}\">", "<P TITLE=\"{{text}}\">", "<a title=\"<{{text}}\">",
    "<script src=\"/app.js\" nonce=\"{{text}}\"></script>{{text}}",
    "<style>a > b { content: '</p>' }</style>{{text}}",
    "<a href=\"/changes/{{text}}\">", "<a href=\"#{{text}}\">", "<a href='?page={{text}}'>",
    "<a href=\"mailto:{{text}}\">", "<a href=\"https://example.com/{{text}}\">",
    "<a href=\"/changes{{#flag}}?q={{text}}{{/flag}}\">", "<a href=\"{{link}}\">{{text}}",
    "<a href=\"{{#text}}{{link}}{{/text}}{{^text}}/none/{{other}}{{/text}}\">",
    "<option{{#flag}} selected{{/flag}}>", "<p class=\"a{{#flag}} b{{/flag}}\">",
    "<li hidden{{#flag}} x{{/flag}} id=\"{{text}}\">",
    "<li {{#flag}}aria-current=\"page\"{{/flag}} id=\"{{text}}\">", "<p>{{{html}}}</p>",
  ])
  func `a value in text or in quotes is accepted`(source: String) {
    #expect(refusal(of: source) == "accepted")
  }

  @Test(arguments: [
    ("<p {{text}}>", "'text' stands in a tag, outside a value"),
    ("<{{text}}>", "'text' stands in a tag, after '<'"),
    ("</{{text}}>", "'text' stands in a tag, after '<'"),
    ("<!-{{text}}>", "'text' stands in a comment"), ("<?{{text}}>", "'text' stands in a comment"),
    ("</ x=\"{{text}}\">", "'text' stands in a comment"),
    ("<script>a</scripty>{{text}}", inScript), ("<iframe>{{text}}</iframe>", inScript),
    ("{{#flag}}<{{/flag}}p {{text}}", brokenSection),
    ("<p data-{{text}}=\"x\">", "'text' stands in a tag, outside a value"),
    ("<p title={{text}}>", "'text' stands in a value without quotes"),
    ("<p title=a{{text}}>", "'text' stands in a value without quotes"),
    ("<!-- {{text}} -->", "'text' stands in a comment"),
    ("<script>x = '{{text}}'</script>", inScript),
    ("<SCRIPT type=\"a\">{{text}}</SCRIPT>", inScript),
    ("<script>a</scrip>{{text}}", inScript),
    ("<style>{{text}}</style>", inScript),
    ("<p onclick=\"f('{{text}}')\">", "'text' stands in 'onclick', whose value is code"),
    ("<p style='width: {{text}}'>", "'text' stands in 'style', whose value is code"),
    ("<iframe srcdoc=\"{{text}}\">", "'text' stands in 'srcdoc', whose value is code"),
    ("<p>{{#flag}}<b title=\"{{/flag}}", brokenSection),
    ("<p {{#flag}}title=\"a{{/flag}}\">", brokenSection),
    ("{{#flag}}<p {{/flag}}>", brokenSection),
    ("<p {{#flag}}onclick{{/flag}}=\"{{text}}\">", sectionName),
    ("<p title {{#flag}}onclick{{/flag}}=\"{{text}}\">", sectionName),
    ("<p on{{#flag}}{{/flag}}click=\"{{text}}\">", sectionName),
    (
      "<p on{{#flag}}click=\"{{text}}\"{{/flag}}>",
      "'text' stands in 'onclick', whose value is code"
    ),
    ("<p title=\"{{{html}}}\">", "'html' is markup, which stands between tags alone"),
    ("<script>{{{html}}}</script>", "'html' is markup, which stands between tags alone"),
    ("<p title=\"{{text}}", unfinished), ("<script>", unfinished), ("<!--", unfinished),
    ("<p", unfinished),
  ])
  func `a value where escaping does not hold is refused`(source: String, sentence: String) {
    #expect(refusal(of: source) == "page.mustache:1: " + sentence)
  }

  @Test(arguments: [
    ("<a href=\"{{text}}\">", startsAddress), ("<img src='{{text}}'>", startsAddress),
    ("<form action=\"{{text}}\">", startsAddress),
    ("<button formaction=\"{{text}}\">", startsAddress),
    ("<a HREF=\"{{text}}\">", startsAddress),
    ("<a href=\"{{#flag}}/x{{/flag}}{{text}}\">", startsAddress),
    ("<a href=\"{{link}}{{text}}\">", "'text' follows a link, and could change its host"),
    ("<a href=\"{{link}}/{{text}}\">", "'text' follows a link, and could change its host"),
    ("<a href=\"/{{text}}\">", "'text' follows '/', which does not fix the host"),
    ("<a href=\"//{{text}}\">", "'text' follows '//', which does not fix the host"),
    ("<a href=\"https://{{text}}\">", "'text' follows 'https://', which does not fix the host"),
    (
      "<a href=\"https://a.example{{text}}\">",
      "'text' follows 'https://a.example', which does not fix the host"
    ),
    (
      "<a href=\"javascript:f('{{text}}')\">",
      "'text' follows 'javascript:f('', which does not fix the host"
    ),
    ("<a href=\"/{{link}}\">", "'link' follows '/', which does not fix the host"),
  ])
  func `text that could change where an address leads is refused`(
    source: String, sentence: String
  ) {
    #expect(refusal(of: source) == "page.mustache:1: " + sentence)
  }

  @Test func `a place is followed through partials, parents and blocks`() {
    let others = [
      "layout": "<body class=\"{{$class}}x{{/class}}\" {{$more}}{{/more}}>", "value": "{{text}}",
    ]
    #expect(
      refusal(of: "{{<layout}}{{$class}}{{text}}{{/class}}{{/layout}}", with: others)
        == "accepted")
    #expect(
      refusal(of: "{{<layout}}{{$more}}{{text}}{{/more}}{{/layout}}", with: others)
        == "page.mustache:1: 'text' stands in a tag, outside a value")
    #expect(
      refusal(of: "<script>\n{{> value}}</script>", with: others)
        == "value.mustache:1: " + Self.inScript)
  }

  static let inScript = "'text' stands in a script or style, where nothing can be escaped"
  static let sectionName = "'text' stands in a value whose name depends on a section"
  static let startsAddress =
    "'text' starts an address: declare it as a link, or begin with a path"
  static let brokenSection = "section 'flag' ends in another part of the markup than it starts in"
  static let unfinished = "the page ends inside a tag, comment, script or style"
}
