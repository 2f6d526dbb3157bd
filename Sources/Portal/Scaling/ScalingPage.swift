import Mustache
import Rules

/// The three things that can be scaled, as they are, each with its form.
struct ScalingPage: Page {
  let problems: [Mistake]
  /// The number of the change that is edited; empty for a new one.
  let revises: String
  let service: ServiceForm?
  let database: DatabaseForm?
  let mayPropose: Bool

  static let template = "scaling/show"
  static let section: Section? = .scaling
  var title: String { "Scaling" }

  static let fields: [Field<ScalingPage>] = [
    .text("revises", { $0.revises }),
    .item("service", { $0.service }),
    .item("database", { $0.database }), .flag("mayPropose", { $0.mayPropose }),
  ]

  struct ServiceForm: TemplateData {
    let size: String
    let count: String
    let sizes: [Choice]
    let counts: [Choice]
    let when: When

    static let fields: [Field<ServiceForm>] = [
      .text("size", { $0.size }), .text("count", { $0.count }), .list("sizes", { $0.sizes }),
      .list("counts", { $0.counts }), .item("when", { $0.when }),
    ]
  }

  struct DatabaseForm: TemplateData {
    let current: String
    let window: String
    let classes: [Choice]
    /// Whether it was asked for at once.
    let isAtOnce: Bool
    let when: When

    static let fields: [Field<DatabaseForm>] = [
      .text("current", { $0.current }), .text("window", { $0.window }),
      .list("classes", { $0.classes }), .flag("atOnce", { $0.isAtOnce }),
      .item("when", { $0.when }),
    ]
  }
}
