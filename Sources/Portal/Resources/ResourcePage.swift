import Mustache
import Rules

/// One resource: what is known of it, how it was, what is wrong, and what can be changed.
struct ResourcePage: Page {
  let line: ResourceLine
  let findings: [FindingLine]
  let details: [Detail]
  let tables: [DetailTable]
  let charts: [Chart]
  let changes: [ChangeLink]
  let kinds: [ChangeKind]
  let mayPropose: Bool

  static let template = "resources/show"
  static let section: Section? = .resources
  var title: String { line.subject.label }

  static let fields: [Field<ResourcePage>] = [
    .item("resource", { $0.line }),
    .flag("anyCheck", { !$0.findings.isEmpty }),
    .list("findings", { $0.findings.filter { $0.stored.finding.outcome != .pass } }),
    .list("met", { $0.met }), .flag("anyMet", { !$0.met.isEmpty }),
    .text("metWords", { count($0.met.count, "check") + " met" }),
    .list("details", { $0.details.map(DetailLine.init) }),
    .flag("anyDetail", { !$0.details.isEmpty }),
    .list("tables", { $0.tables.map(TableView.init) }),
    .list("charts", { $0.charts }), .flag("anyChart", { !$0.charts.isEmpty }),
    .list("changes", { $0.changes }), .flag("anyChange", { !$0.changes.isEmpty }),
    .list("kinds", { page in page.mayPropose ? page.kinds.map(KindLink.init) : [] }),
    .flag("anyKind", { $0.mayPropose && !$0.kinds.isEmpty }),
  ]

  private var met: [FindingLine] { findings.filter { $0.stored.finding.outcome == .pass } }

  struct DetailLine: TemplateData {
    let detail: Detail
    static let fields: [Field<DetailLine>] = [
      .text("label", { $0.detail.label }), .text("value", { $0.detail.value }),
      .item("exact", { $0.detail.value.isExact ? Cut($0.detail.value) : nil }),
    ]
  }

  struct KindLink: TemplateData {
    let kind: ChangeKind
    static let fields: [Field<KindLink>] = [
      .text("label", { $0.kind.label }), .link("href", { $0.kind.formPath }),
    ]
  }
}

/// A change in a list of links.
struct ChangeLink: TemplateData {
  let number: Int64
  let words: String
  let state: ChangeState
  let when: When

  static let fields: [Field<ChangeLink>] = [
    .link("href", { "/changes/\($0.number)" }), .text("name", { "CR-\($0.number)" }),
    .text("words", { $0.words }), .item("tag", { Tag($0.state) }), .item("when", { $0.when }),
  ]
}

/// Rows of details as a table whose rows become cards on a phone.
struct TableView: TemplateData {
  let table: DetailTable

  static let fields: [Field<TableView>] = [
    .text("caption", { $0.table.caption }), .text("empty", { $0.table.empty }),
    .flag("anyRow", { !$0.table.rows.isEmpty }),
    .list("columns", { $0.table.columns.map(Sentence.init) }), .list("rows", { $0.rows }),
  ]

  private var rows: [Row] {
    table.rows.map { cells in
      Row(
        head: cells.first ?? "",
        cells: zip(table.columns, cells).dropFirst().map { Cell(label: $0, value: $1) })
    }
  }

  struct Row: TemplateData {
    let head: String
    let cells: [Cell]
    static let fields: [Field<Row>] = [.text("head", { $0.head }), .list("cells", { $0.cells })]
  }

  struct Cell: TemplateData {
    let label: String
    let value: String
    static let fields: [Field<Cell>] = [
      .text("label", { $0.label }), .text("value", { $0.value }),
      .item("exact", { $0.value.isExact ? Cut($0.value) : nil }),
      .flag("logged", { $0.label == "Line" }),
    ]
  }
}
