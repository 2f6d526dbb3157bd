import Mustache
import Testing

/// A page with a table of a hundred rows, as the portal's lists are.
struct TableTests {
  struct Page: TemplateData {
    let title: String
    let rows: [Row]
    static let fields: [Field<Page>] = [.text("title") { $0.title }, .list("rows") { $0.rows }]
  }

  struct Row: TemplateData {
    let id: String
    let name: String
    let kind: String
    let state: String
    let note: String
    let isOpen: Bool
    static let fields: [Field<Row>] = [
      .text("id") { $0.id }, .text("name") { $0.name }, .text("kind") { $0.kind },
      .text("state") { $0.state }, .text("note") { $0.note }, .flag("open") { $0.isOpen },
    ]
  }

  static let source = """
    <!doctype html><html><head><title>{{title}}</title></head><body><h1>{{title}}</h1><table>
    {{#rows}}
    <tr><td><a href="/resources/{{id}}">{{name}}</a></td><td>{{kind}}</td>\
    <td class="state">{{state}}</td>{{#open}}<td>open</td>{{/open}}<td>{{note}}</td></tr>
    {{/rows}}
    </table></body></html>

    """

  static let page = Page(
    title: "Resources & costs",
    rows: (0..<100).map { index in
      Row(
        id: "i-\(100_000 + index)", name: "web-server-number-\(index)", kind: "t4g.small",
        state: index % 3 == 0 ? "stopped" : "running",
        note: "Says <hello> & \"goodbye\", for the \(index)th time", isOpen: index % 2 == 0)
    })

  @Test func `it renders exactly as bytes put together by hand`() throws {
    let library = try Library(sources: ["table": Self.source])
    let template = try library.template("table", for: Page.self)
    #expect(template.render(Self.page) == Self.built(Self.page))
    #expect(template.render(Self.page) == Self.built(Self.page), "and again")
  }

  @Test func `a page is whole after longer and after shorter ones`() throws {
    let library = try Library(sources: ["table": Self.source])
    let template = try library.template("table", for: Page.self)
    for rowCount in [0, 1, 400, 3, 20, 21, 450, 500, 399] {
      let rows = (0..<rowCount).map { Self.page.rows[$0 % Self.page.rows.count] }
      let page = Page(title: "\(rowCount) rows", rows: rows)
      #expect(template.render(page) == Self.built(page), "\(rowCount) rows")
    }
  }

  @Test func `a page is whole wherever its special characters are when there is no more room`()
    throws
  {
    let library = try Library(sources: ["text": "{{text}}"])
    for plainCount in 4_080...4_100 {
      let template = try library.template("text", for: TestPage.self)
      let plain = String(repeating: "x", count: plainCount)
      let rendered = template.render(TestPage(text: plain + "<&y"))
      #expect(rendered == Array((plain + "&lt;&amp;y").utf8), "\(plainCount) before it")
    }
  }

  static func built(_ page: Page) -> [UInt8] {
    var out: [UInt8] = []
    func add(_ text: StaticString) { text.withUTF8Buffer { out.append(contentsOf: $0) } }
    func escape(_ text: String) {
      for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "<"): add("&lt;")
        case UInt8(ascii: ">"): add("&gt;")
        case UInt8(ascii: "&"): add("&amp;")
        case UInt8(ascii: "\""): add("&quot;")
        case UInt8(ascii: "'"): add("&#39;")
        default: out.append(byte)
        }
      }
    }
    add("<!doctype html><html><head><title>")
    escape(page.title)
    add("</title></head><body><h1>")
    escape(page.title)
    add("</h1><table>\n")
    for row in page.rows {
      add("<tr><td><a href=\"/resources/")
      escape(row.id)
      add("\">")
      escape(row.name)
      add("</a></td><td>")
      escape(row.kind)
      add("</td><td class=\"state\">")
      escape(row.state)
      add("</td>")
      if row.isOpen { add("<td>open</td>") }
      add("<td>")
      escape(row.note)
      add("</td></tr>\n")
    }
    add("</table></body></html>\n")
    return out
  }
}
