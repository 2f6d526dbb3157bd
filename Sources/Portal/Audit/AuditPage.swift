import HTTP
import Mustache
import Rules

/// The log, newest first.
struct AuditPage: Page {
  let state: String
  let filter: AuditFilter
  let problems: [Mistake]
  /// What was typed into the filter.
  let typed: Form
  let people: [Person]
  let types: [String]
  let lines: [AuditLine]
  let older: String
  let head: Cut
  let overdue: String
  let views: SavedViewPart

  static let template = "audit/index"
  static let section: Section? = .audit
  var title: String { "Audit" }

  static let fields: [Field<AuditPage>] = [
    .text("state", { $0.state }),
    .list("people", { $0.peopleChoices }), .list("types", { $0.typeChoices }),
    .list("outcomes", { $0.outcomeChoices }),
    .text("change", { $0.typed["change"] ?? "" }),
    .text("from", { $0.typed["from"] ?? "" }), .text("to", { $0.typed["to"] ?? "" }),
    .flag("flagged", { $0.typed["flagged"] ?? "" != "" }), .list("terms", { $0.terms }),
    .flag("filtered", { $0.filter.isNarrow }),
    .list("query", { $0.filter.fields.map(HiddenField.init) }),
    .flag("any", { !$0.lines.isEmpty }), .list("lines", { $0.lines }),
    .link("newest", { $0.filter.with { $0.before = nil }.path }),
    .flag("hasNewer", { $0.filter.before != nil }),
    .flag("paged", { $0.filter.before != nil || !$0.older.isEmpty }),
    .link("older", { $0.older }), .flag("hasOlder", { !$0.older.isEmpty }),
    .item("head", { $0.head }), .text("overdue", { $0.overdue }),
    .item("saved", { $0.views }),
  ]

  /// One thing the filter asks for, in words, and the list without it.
  struct Term: TemplateData {
    let words: String
    let without: String
    static let fields: [Field<Term>] = [
      .text("words", { $0.words }), .link("without", { $0.without }),
    ]
  }

  /// A field that a form sends along.
  struct HiddenField: TemplateData {
    let name: String
    let value: String
    static let fields: [Field<HiddenField>] = [
      .text("name", { $0.name }), .text("value", { $0.value }),
    ]
  }

  private var peopleChoices: [Choice] {
    people.map {
      Choice(value: String($0.id), label: $0.name, isSelected: String($0.id) == typed["person"])
    }
  }

  private var typeChoices: [Choice] {
    types.map {
      Choice(value: $0, label: AuditSentence.label(of: $0), isSelected: $0 == typed["type"])
    }
  }

  private var outcomeChoices: [Choice] {
    AuditOutcome.allCases.map {
      Choice(value: $0.rawValue, label: $0.word, isSelected: $0.rawValue == typed["outcome"])
    }
  }

  private var terms: [Term] {
    func term(_ words: String?, _ clear: (inout AuditFilter) -> Void) -> Term? {
      let wider = filter.with {
        clear(&$0)
        $0.before = nil
      }
      return words.map { Term(words: $0, without: wider.path) }
    }
    return [
      term(filter.personID.map { "By \(people.name(of: $0))" }) { $0.personID = nil },
      term(filter.type.map(AuditSentence.label)) { $0.type = nil },
      term(filter.outcome.map(\.word)) { $0.outcome = nil },
      term(filter.change.map { "About CR-\($0)" }) { $0.change = nil },
      term(filter.from.map { "From \($0.iso)" }) { $0.from = nil },
      term(filter.to.map { "To \($0.iso)" }) { $0.to = nil },
      term(filter.isFlagged ? "Flagged for review" : nil) { $0.isFlagged = false },
    ].compactMap(\.self)
  }
}
