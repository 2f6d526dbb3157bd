import Mustache

/// What happened, whether anything was changed, what to do, and a reference.
struct FailurePage: Page {
  let title: String
  let sentence: String

  static let template = "failure"
  static let section: Section? = nil
  static let fields: [Field<FailurePage>] = [.text("sentence", { $0.sentence })]
}
