import Mustache

/// A page with one field of each kind, for tests to write templates against.
struct TestPage: TemplateData {
  var text = "text"
  var other = ""
  var link = "/here"
  var html = Array("<b>bold</b>".utf8)
  var flag = true
  var item: TestItem? = TestItem()
  var rows: [TestRow] = []

  static let fields: [Field<TestPage>] = [
    .text("text") { $0.text }, .text("other") { $0.other }, .link("link") { $0.link },
    .html("html") { $0.html }, .flag("flag") { $0.flag }, .item("item") { $0.item },
    .list("rows") { $0.rows },
  ]
}

struct TestItem: TemplateData {
  var name = "ana"
  var row: TestRow? = TestRow(name: "inner")
  var rows: [TestRow] = []

  static let fields: [Field<TestItem>] = [
    .text("name") { $0.name }, .item("row") { $0.row }, .list("rows") { $0.rows },
  ]
}

struct TestRow: TemplateData {
  var name: String
  var text = "row text"
  var flag = false
  var cells: [TestCell] = []

  static let fields: [Field<TestRow>] = [
    .text("name") { $0.name }, .text("text") { $0.text }, .flag("flag") { $0.flag },
    .list("cells") { $0.cells },
  ]
}

struct TestCell: TemplateData {
  var value: String
  static let fields: [Field<TestCell>] = [.text("value") { $0.value }]
}

/// Renders `source`, named `page`, beside other templates.
func render(
  _ source: String, _ page: TestPage = TestPage(), with others: [String: String] = [:]
) throws -> String {
  let library = try Library(sources: others.merging(["page": source]) { $1 })
  let bytes = try library.template("page", for: TestPage.self).render(page)
  return String(decoding: bytes, as: UTF8.self)
}

/// The sentence that refuses `source`; "accepted" if nothing does.
func refusal(of source: String, with others: [String: String] = [:]) -> String {
  do {
    let library = try Library(sources: others.merging(["page": source]) { $1 })
    _ = try library.template("page", for: TestPage.self)
    return "accepted"
  } catch {
    return error.description
  }
}
