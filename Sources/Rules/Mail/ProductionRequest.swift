/// The request for production access as people write it.
public struct ProductionRequest: Hashable, Sendable {
  /// `TRANSACTIONAL` or `MARKETING`.
  public var mailType: String
  /// The site.
  public var website: String
  /// `EN` or `JA`.
  public var language: String
  /// What is sent to whom.
  public var useCase: String
  /// Who is told of AWS's answer.
  public var contacts: [String]

  /// The longest address of a site (PutAccountDetails, Amazon SES API v2 Reference).
  public static let websiteMax = 1_000
  /// The longest description, in characters, by the same page.
  public static let useCaseMax = 5_000
  /// The most contact addresses, by the same page.
  public static let contactsMax = 4
  /// The fewest characters of a description that says anything; AWS has no such limit.
  public static let useCaseMin = 200

  /// A request.
  public init(
    mailType: String, website: String, language: String, useCase: String, contacts: [String]
  ) {
    self.mailType = mailType
    self.website = website
    self.language = language
    self.useCase = useCase
    self.contacts = contacts
  }

  /// What keeps it from being sent, in sentences; nil where nothing does.
  public var problem: String? {
    let sentences = [
      mailTypeProblem, websiteProblem, useCaseProblem, contactsProblem, languageProblem,
    ].compactMap { $0 }
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }

  private var mailTypeProblem: String? {
    ["TRANSACTIONAL", "MARKETING"].contains(mailType) ? nil : "Choose the kind of mail."
  }

  private var languageProblem: String? {
    ["EN", "JA"].contains(language) ? nil : "Choose the language of AWS's answer."
  }

  /// What is wrong with the address of the site; nil where nothing is.
  public var websiteProblem: String? {
    guard website.hasPrefix("https://") || website.hasPrefix("http://"),
      website.count <= Self.websiteMax, !website.contains(where: \.isWhitespace)
    else { return "Write the site's whole address, https://blog.example.com." }
    return nil
  }

  /// What is wrong with the description; nil where nothing is.
  public var useCaseProblem: String? {
    let length = useCase.unicodeScalars.count
    guard length <= Self.useCaseMax else {
      return "The description has \(length) characters; AWS takes \(Self.useCaseMax). Shorten it."
    }
    guard length >= Self.useCaseMin else {
      return "Describe in \(Self.useCaseMin) characters or more what you send, to whom and why: "
        + "requests that leave that open are denied."
    }
    return nil
  }

  /// What is wrong with the addresses of contacts; nil where nothing is.
  public var contactsProblem: String? {
    guard (1...Self.contactsMax).contains(contacts.count) else {
      return "Write one to four contact addresses, one a line."
    }
    guard let bad = contacts.first(where: { MailAddress($0) == nil }) else { return nil }
    return "“\(bad)” is not an address. Write one a line, ops@example.com."
  }
}

extension ProductionRequest {
  /// A description from what is known, to be gone over by people. What nobody has said yet is a
  /// gap in square brackets.
  public static func description(
    site: String, title: String, from: String?, domain: String, notes: [String: ReadinessNote],
    checklist: [ReadinessRow]
  ) -> String {
    func said(_ id: String) -> String { notes[id]?.note ?? "[\(gap(id))]" }
    func isDone(_ id: String) -> Bool { checklist.first { $0.id == id }?.isDone ?? false }
    let name = title.isEmpty ? site : title
    return """
      \(name) (\(site)) is a blog run with Ghost. We send transactional mail only: sign-in links \
      and codes, confirmations of sign-up, invitations and password resets of staff. Newsletters \
      are not sent through Amazon SES.

      Recipients: people who typed their own address on \(site) and confirmed it, and the staff \
      of the blog. No lists are bought, rented or imported. \(said("consent"))

      Volume: \(said("volume"))

      Bounces and complaints: \(isDone("suppression")
        ? "addresses that bounce or complain go on the account's suppression list and get no more "
          + "mail." : "[what becomes of addresses that bounce or complain]") \
      \(isDone("alarms")
        ? "CloudWatch alarms tell us at a bounce rate of 5 % and a complaint rate of 0.1 %."
        : "[who is told when rates rise]")

      Unsubscribing: transactional mail is sent only on an act of its recipient; members can \
      delete their account at any time on the site.

      Sender: \(from ?? "[the sender's address]"), with DKIM, SPF and DMARC for \(domain)\
      \(isDone("mail-from") ? " and a MAIL FROM domain of our own" : "").

      Samples: \(said("samples"))
      """
  }

  private static func gap(_ id: String) -> String {
    switch id {
    case "volume": "how many mails a day, and how many at most"
    case "samples": "the text of a sign-in, a sign-up and an invitation"
    default: "how people sign up, and how they sign off"
    }
  }
}
