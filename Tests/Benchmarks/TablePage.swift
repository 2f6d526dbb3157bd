import Mustache

/// A table of resources.
struct TablePage: TemplateData {
  let rows: [Row]

  static let fields: [Field<TablePage>] = [.list("rows", { $0.rows })]

  struct Row: TemplateData {
    let path: String
    let label: String
    let tone: String
    let word: String
    let known: String
    let isOld: Bool

    static let fields: [Field<Row>] = [
      .link("path", { $0.path }), .text("label", { $0.label }), .text("tone", { $0.tone }),
      .text("word", { $0.word }), .text("known", { $0.known }), .flag("old", { $0.isOld }),
    ]

    init(number: Int) {
      path = "/resources/\(number)"
      label = "Service \(number)"
      tone = number % 7 == 0 ? "danger" : "good"
      word = number % 7 == 0 ? "Danger" : "Good"
      known = "\(number % 3) of 3 tasks run; image <ghost & theme:\(number)>"
      isOld = number % 5 == 0
    }
  }

  static let template = """
    <main>
      <table>
        {{#rows}}
        <tr>
          <th scope="row"><a href="{{path}}">{{label}}</a></th>
          <td><span class="tag {{tone}}">{{word}}</span></td>
          <td>{{known}}{{#old}} (old){{/old}}</td>
        </tr>
        {{/rows}}
      </table>
    </main>
    """

  /// What the template gives.
  func byHand() -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(24_576)
    output += "<main>\n  <table>\n".utf8
    for row in rows {
      output += "    <tr>\n      <th scope=\"row\"><a href=\"".utf8
      output.append(asHTML: row.path)
      output += "\">".utf8
      output.append(asHTML: row.label)
      output += "</a></th>\n      <td><span class=\"tag ".utf8
      output.append(asHTML: row.tone)
      output += "\">".utf8
      output.append(asHTML: row.word)
      output += "</span></td>\n      <td>".utf8
      output.append(asHTML: row.known)
      if row.isOld { output += " (old)".utf8 }
      output += "</td>\n    </tr>\n".utf8
    }
    output += "  </table>\n</main>".utf8
    return output
  }
}

extension [UInt8] {
  fileprivate mutating func append(asHTML text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): self += "&lt;".utf8
      case UInt8(ascii: ">"): self += "&gt;".utf8
      case UInt8(ascii: "&"): self += "&amp;".utf8
      case UInt8(ascii: "\""): self += "&quot;".utf8
      case UInt8(ascii: "'"): self += "&#39;".utf8
      default: append(byte)
      }
    }
  }
}
