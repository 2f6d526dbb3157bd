import Mustache
import Rules

/// Whom Ghost mails as, from where that is known, and how it is set.
struct Sender: TemplateData {
  let address: String
  /// Where the address comes from, in a sentence.
  let origin: String
  let isSet: Bool?
  /// How often Ghost has warned in the last hour; nil where the log has not been read.
  let warnings: Int64?
  let lines: [String]

  static let fields: [Field<Sender>] = [
    .text("address", { $0.address }), .text("origin", { $0.origin }),
    .text("warned", { $0.warned }), .flag("missing", { $0.isSet == false }),
    .item("tag", { $0.tag }), .text("code", { $0.lines.joined(separator: "\n") }),
  ]

  init(site: Site, estate: Estate) {
    let told = estate[MemberFacts.self].facts?.mailsAs
    let service = estate[ServiceFacts.self].facts
    let madeUp = SenderSetting.madeUp(site: site.ghostURL)
    isSet = service.map { $0.mailFrom != nil }
    address = told ?? service?.mailFrom ?? madeUp
    origin =
      switch (isSet, told) {
      case (true, _): "It is set as mail__from in the task’s environment."
      case (false, _): "mail__from is not set, so Ghost makes it up from the site’s address."
      case (nil, .some): "Ghost tells it; the task’s environment has not been read yet."
      case (nil, nil): "It is what Ghost makes up; neither Ghost nor the task has been read yet."
      }
    warnings = estate[LogFacts.self].facts.map { $0.signatures[LogSignature.mailFrom.id] ?? 0 }
    let domain = estate[IdentityFacts.self].facts?.domain ?? ""
    lines = SenderSetting.lines(
      title: estate[BlogFacts.self].facts?.title ?? "",
      address: domain.isEmpty ? madeUp : "noreply@\(domain)")
  }

  private var tag: Tag {
    switch isSet {
    case true: Tag("good", "set")
    case false: Tag("attention", "not set")
    default: Tag("unknown", "not known")
    }
  }

  private var warned: String {
    guard let warnings else { return "The log has not been read yet." }
    return warnings == 0
      ? "Ghost has not warned of it in the last hour."
      : "Ghost warned of it \(warnings == 1 ? "once" : "\(warnings) times") in the last hour."
  }
}
