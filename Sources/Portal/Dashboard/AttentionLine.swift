import Mustache
import Rules

/// One thing that asks for somebody.
struct AttentionLine: TemplateData {
  let item: AttentionItem

  static let fields: [Field<AttentionLine>] = [
    .item("tag", { $0.tag }), .text("tone", { $0.tag.tone }),
    .text("sentence", { $0.item.sentence }), .text("detail", { $0.item.detail }),
    .link("path", { $0.item.place.path }), .text("act", { $0.item.act ?? "" }),
    .link("actPath", { $0.item.mend?.path ?? $0.item.place.path }),
  ]

  private var tag: Tag {
    switch item.rank {
    case .unknown: Tag(.unknown)
    case .approval, .run, .review: Tag("attention", "For you", icon: "waiting")
    case .emergency: Tag("danger", "For you")
    case .outage, .mend, .danger, .noData, .attention: Tag(item.rank.health)
    }
  }
}

extension AttentionItem.Place {
  /// Its address.
  var path: String {
    switch self {
    case .change(let number): "/changes/\(number)"
    case .finding(let id): "/findings/" + id
    case .subject(let subject): subject.path
    case .resources: "/resources"
    case .safety: "/safety"
    case .review: "/audit/review"
    }
  }
}
