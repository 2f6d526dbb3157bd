/// The checklist before production access is asked for: what the estate tells, and what people have
/// said.
public struct MailReadiness: Sendable {
  /// Everything that was read.
  let estate: Estate
  /// What people have said, by the row.
  public let notes: [String: ReadinessNote]
  /// The receivers of Amazon's mailbox simulator that test mail went to.
  let tested: Set<String>

  /// The receivers of the simulator, by what becomes of a mail to them ("Using the mailbox
  /// simulator", Amazon SES Developer Guide).
  public static let simulators = ["success", "bounce", "complaint"]
  /// What every address of the simulator ends with.
  public static let simulatorDomain = "simulator.amazonses.com"

  /// A checklist.
  public init(estate: Estate, notes: [String: ReadinessNote], tested: Set<String>) {
    self.estate = estate
    self.notes = notes
    self.tested = tested
  }

  /// The rows only a person can tell, with what they ask.
  public static let byHand: [(id: String, label: String)] = [
    ("website", "The site has pages about itself, its privacy and how to reach it"),
    ("consent", "People sign up by themselves, and can sign off again"),
    ("volume", "The number of mails a day is estimated"),
    ("samples", "Samples of a sign-in, a sign-up and an invitation are at hand"),
    ("contact", "Somebody reads the contact address each day"),
  ]

  /// Every row, in the order to work them off.
  public var rows: [ReadinessRow] {
    [
      row("identity", "The domain is verified", finding: "ses.identity"),
      row("dkim", "Mail is signed with DKIM", finding: "ses.dkim"),
      row("mail-from", "Bounces go to a domain of one's own", finding: "ses.mail-from"),
      row("spf", "SPF allows SES", finding: "dns.spf"),
      row("dmarc", "There is a DMARC policy", finding: "dns.dmarc"),
      feedback, suppression, alarms, sender,
      row("site", "The site answers over HTTPS", finding: "site.up"),
      simulator,
    ]
      + Self.byHand.map { row in
        if let note = notes[row.id] {
          ReadinessRow(
            id: row.id, label: row.label,
            state: .confirmed(by: note.person, at: note.at, note: note.note), evidence: note.note,
            mend: nil)
        } else {
          ReadinessRow(
            id: row.id, label: row.label, state: .byHand,
            evidence: "Only a person can tell. Look, and say so here.", mend: nil)
        }
      }
  }

  /// A row that is a finding of the estate.
  private func row(_ id: String, _ label: String, finding: String) -> ReadinessRow {
    guard let found = Check.all.first(where: { $0.id == finding })?.finding(in: estate) else {
      return ReadinessRow(
        id: id, label: label, state: .notKnown, evidence: "It has not been read.", mend: nil)
    }
    let state: ReadinessRow.State =
      switch found.outcome {
      case .pass: .ready
      case .fail: .lacking
      case .noData: .notKnown
      }
    return ReadinessRow(id: id, label: label, state: state, evidence: found.state, mend: found.mend)
  }

  private var feedback: ReadinessRow {
    let label = "Bounces and complaints come to somebody"
    guard let own = estate[IdentityFacts.self].facts?.own else { return unread("feedback", label) }
    return ReadinessRow(
      id: "feedback", label: label, state: own.forwardsFeedback ? .ready : .lacking,
      evidence: own.forwardsFeedback
        ? "SES sends them on by mail to the sender's address."
        : "SES does not send them on; an event destination may take them instead.", mend: nil)
  }

  private var suppression: ReadinessRow {
    let label = "Addresses that bounce or complain get no more mail"
    guard let mail = estate[MailFacts.self].facts else { return unread("suppression", label) }
    let missing = ["BOUNCE", "COMPLAINT"].filter { !mail.suppressedReasons.contains($0) }
    return ReadinessRow(
      id: "suppression", label: label, state: missing.isEmpty ? .ready : .lacking,
      evidence: missing.isEmpty
        ? "SES keeps both on its suppression list."
        : "SES does not suppress after \(missing.joined(separator: " or ").lowercased()).",
      mend: nil)
  }

  private var alarms: ReadinessRow {
    let label = "Alarms watch bounces and complaints, and tell somebody"
    guard let alarms = estate[AlarmFacts.self].facts, let topics = estate[TopicFacts.self].facts
    else { return unread("alarms", label) }
    let watched = ["Reputation.BounceRate", "Reputation.ComplaintRate"].filter { metric in
      alarms.alarms.contains { $0.metric == "AWS/SES \(metric)" && $0.tellsSomebody }
    }
    let heard = topics.topics.contains { $0.confirmed > 0 }
    let isReady = watched.count == 2 && heard
    return ReadinessRow(
      id: "alarms", label: label, state: isReady ? .ready : .lacking,
      evidence: watched.count < 2
        ? "\(watched.count) of 2 such alarms tell somebody."
        : heard ? "Both do, and a subscriber has confirmed." : "Nobody has confirmed yet.",
      mend: watched.count < 2 ? Mend("cloudwatch.alarms") : nil)
  }

  private var sender: ReadinessRow {
    let label = "Ghost knows whom to mail as, within the domain"
    guard let service = estate[ServiceFacts.self].facts,
      let identities = estate[IdentityFacts.self].facts, !identities.domain.isEmpty
    else { return unread("sender", label) }
    guard let from = service.mailFrom else {
      return ReadinessRow(
        id: "sender", label: label, state: .lacking,
        evidence: "mail__from is not set, so Ghost makes an address up. Set it in the CDK code.",
        mend: nil)
    }
    let isWithin = SenderAddress(from).isWithin(identities.domain)
    return ReadinessRow(
      id: "sender", label: label, state: isWithin ? .ready : .lacking,
      evidence: "It mails as \(from)" + (isWithin ? "." : ", outside \(identities.domain)."),
      mend: nil)
  }

  private var simulator: ReadinessRow {
    let missing = Self.simulators.filter { !tested.contains($0) }
    return ReadinessRow(
      id: "simulator", label: "Test mail went to Amazon's mailbox simulator",
      state: missing.isEmpty ? .ready : .lacking,
      evidence: missing.isEmpty
        ? "To success, bounce and complaint."
        : "Not yet to \(missing.joined(separator: ", ")).",
      mend: missing.first.map { Mend("ses.test", ["to": "\($0)@\(Self.simulatorDomain)"]) })
  }

  private func unread(_ id: String, _ label: String) -> ReadinessRow {
    ReadinessRow(
      id: id, label: label, state: .notKnown, evidence: "It has not been read.", mend: nil)
  }
}

/// A sender as configurations have it: an address, or a name with the address in brackets.
public struct SenderAddress: Sendable {
  /// The address alone.
  public let address: String

  /// The sender in `"Blog" <noreply@example.com>` or `noreply@example.com`.
  public init(_ text: String) {
    let inner = text.split(separator: "<").last.map { $0.prefix { $0 != ">" } } ?? text[...]
    address = String(inner.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
  }

  /// Whether it is of a domain or one below it.
  public func isWithin(_ domain: String) -> Bool {
    guard let host = address.split(separator: "@").last?.lowercased(), address.contains("@") else {
      return false
    }
    return host == domain || host.hasSuffix("." + domain)
  }
}
