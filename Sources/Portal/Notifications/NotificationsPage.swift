import HTTP
import Mustache
import Rules

/// What one is told and how, and what became of the notices of late.
struct NotificationsPage: Page {
  /// What the configuration says; nil for nothing.
  let places: NoticePlaces?
  let chosen: [Notice.Kind: Set<Notice.Channel>]
  let address: String
  let recent: [RecentDelivery]
  let problems: [Mistake]
  let mayTest: Bool
  let now: Moment

  static let template = "notifications/index"
  static let section: Section? = nil
  var title: String { "Notifications" }

  static let fields: [Field<NotificationsPage>] = [
    .text("state", { $0.state }),
    .flag("configured", { $0.places != nil }), .flag("mail", { $0.channels.contains(.mail) }),
    .flag("mayTest", { $0.maySend }), .text("address", { $0.address }),
    .list("channels", { page in page.channels.map { Sentence(text: $0.words) } }),
    .list("kinds", { $0.kinds }),
    .list(
      "recent",
      { page in page.recent.map { DeliveryLine($0, mayRetry: page.maySend, now: page.now) } }),
    .flag("anyRecent", { !$0.recent.isEmpty }),
  ]

  private var maySend: Bool { mayTest && places != nil }

  private var channels: [Notice.Channel] {
    Notice.Channel.allCases.filter { places?.channels.contains($0) == true }
  }

  private var state: String {
    guard let places else { return "Nobody is told of anything: no way to people is configured." }
    let isUnreachable = channels == [.mail] && address.isEmpty
    return places.sentence + (isUnreachable ? " You have no address, so you are told nothing." : "")
  }

  private var kinds: [KindLine] {
    Notice.Kind.chosen.map { kind in
      KindLine(
        words: kind.words,
        ways: channels.map { channel in
          WayLine(
            name: Self.field(kind, channel), channel: channel.words, kind: kind.words,
            isOn: chosen[kind]?.contains(channel) == true)
        })
    }
  }

  /// The name of the field for a kind and a way.
  static func field(_ kind: Notice.Kind, _ channel: Notice.Channel) -> String {
    "\(kind.rawValue)-\(channel.rawValue)"
  }

  /// A row of the table of choices.
  struct KindLine: TemplateData {
    let words: String
    let ways: [WayLine]
    static let fields: [Field<KindLine>] = [
      .text("words", { $0.words }), .list("ways", { $0.ways }),
    ]
  }

  /// One choice.
  struct WayLine: TemplateData {
    let name: String
    let channel: String
    let kind: String
    let isOn: Bool
    static let fields: [Field<WayLine>] = [
      .text("name", { $0.name }), .text("channel", { $0.channel }), .text("kind", { $0.kind }),
      .flag("on", { $0.isOn }),
    ]
  }
}

/// One delivery in the table.
struct DeliveryLine: TemplateData {
  let delivery: RecentDelivery
  let now: Moment

  /// Whether who sees it may have it sent again.
  let mayRetry: Bool

  init(_ delivery: RecentDelivery, mayRetry: Bool, now: Moment) {
    self.delivery = delivery
    self.mayRetry = mayRetry
    self.now = now
  }

  static let fields: [Field<DeliveryLine>] = [
    .text("subject", { $0.delivery.subject }), .text("body", { $0.firstLine }),
    .link("href", { $0.delivery.path }), .text("to", { $0.to }), .item("tag", { $0.tag }),
    .text("words", { $0.words }), .item("when", { When($0.delivery.madeAt, now: $0.now) }),
    .flag("retriable", { $0.isRetriable }), .text("number", { String($0.delivery.number) }),
  ]

  private var isRetriable: Bool {
    let hasEnded = delivery.outcome.map { $0 != "sent" } ?? false
    return mayRetry && (hasEnded || delivery.tries > 0 && delivery.nextTryAt != nil)
  }

  private var firstLine: String { String(delivery.body.prefix { !$0.isNewline }) }

  private var to: String {
    delivery.channel.words + (delivery.person.map { " to \($0)" } ?? "")
  }

  private var tag: Tag {
    switch delivery.outcome {
    case "sent": Tag("good", "Sent")
    case "failed": Tag("danger", "Failed")
    case "unknown": Tag("unknown", "Unknown")
    default:
      Tag("attention", delivery.tries == 0 ? "Waiting" : "Trying again", icon: "waiting")
    }
  }

  /// What became of it, and what comes next.
  private var words: String {
    let tries = "\(delivery.tries) of \(NoticeClock.triesMax) tries"
    let next = delivery.nextTryAt.map { now >= $0 ? "now" : When($0, now: now).relative }
    switch (delivery.outcome, next) {
    case ("sent", _): return delivery.endedAt.map { When($0, now: now).relative } ?? ""
    case ("failed", _): return "Given up after \(tries). \(delivery.problem)"
    case ("unknown", _): return delivery.problem
    case (_, let next?) where delivery.tries == 0: return "It goes out \(next)."
    case (_, let next?): return "Next try \(next), after \(tries). \(delivery.problem)"
    default: return "It is being sent."
    }
  }
}
