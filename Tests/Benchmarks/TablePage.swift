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
    output.append("<main>\n  <table>\n")
    for row in rows {
      output.append("    <tr>\n      <th scope=\"row\"><a href=\"")
      output.append(asHTML: row.path)
      output.append("\">")
      output.append(asHTML: row.label)
      output.append("</a></th>\n      <td><span class=\"tag ")
      output.append(asHTML: row.tone)
      output.append("\">")
      output.append(asHTML: row.word)
      output.append("</span></td>\n      <td>")
      output.append(asHTML: row.known)
      if row.isOld { output.append(" (old)") }
      output.append("</td>\n    </tr>\n")
    }
    output.append("  </table>\n</main>")
    return output
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ markup: StaticString) {
    markup.withUTF8Buffer { append(contentsOf: $0) }
  }

  fileprivate mutating func append(asHTML text: String) {
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      for (index, byte) in bytes.enumerated() {
        guard let reference = reference(for: byte) else { continue }
        append(contentsOf: bytes[start..<index])
        append(reference)
        start = index + 1
      }
      append(contentsOf: bytes[start...])
    }
  }
}

private func reference(for byte: UInt8) -> StaticString? {
  switch byte {
  case UInt8(ascii: "<"): "&lt;"
  case UInt8(ascii: ">"): "&gt;"
  case UInt8(ascii: "&"): "&amp;"
  case UInt8(ascii: "\""): "&quot;"
  case UInt8(ascii: "'"): "&#39;"
  default: nil
  }
}
