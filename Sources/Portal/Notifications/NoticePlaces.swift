import Foundation
import Rules
import Yams

/// Where people are told of what happens, as the configuration names it. Holds no secret.
public struct NoticePlaces: Sendable, Hashable {
  /// Caretaker's own address, which every notice ends with.
  public var address: String
  /// The site whose credentials and region SES and SNS are called with.
  public var site: String
  /// Who mail is from; nil for no mail.
  public var mailFrom: String? = nil
  /// The mail server, `smtps://mail.example.com`; nil to send mail by SES.
  public var smtp: String? = nil
  /// The name that the mail server knows Caretaker by; nil to sign in as nobody.
  public var smtpUser: String? = nil
  /// The file with the password for the mail server.
  public var smtpPasswordFile: String? = nil
  /// The file with the address of a Slack-compatible webhook: whoever knows it may post there.
  public var webhookFile: String? = nil
  /// The ARN of an SNS topic.
  public var topic: String? = nil
  /// Whether this machine itself may be told, without TLS: for the demo and tests.
  public var allowsLoopback = false

  /// Places that nothing goes to yet.
  public init(address: String, site: String) {
    self.address = address
    self.site = site
  }

  /// The ways there are.
  var channels: Set<Notice.Channel> {
    var channels: Set<Notice.Channel> = []
    if mailFrom != nil { channels.insert(.mail) }
    if webhookFile != nil { channels.insert(.webhook) }
    if topic != nil { channels.insert(.topic) }
    return channels
  }

  /// The ways in words.
  var sentence: String {
    let ways = [
      mailFrom.map { "mail from \($0) \(smtp.map { "through \($0)" } ?? "through SES")" },
      webhookFile.map { _ in "a webhook" }, topic.map { "the SNS topic \($0)" },
    ]
    return "Notices go out by " + ways.compactMap { $0 }.joined(separator: ", ") + "."
  }

  /// The host people know Caretaker by.
  var host: String { URL(string: address)?.host ?? "caretaker" }

  /// Where the address of the webhook is kept.
  var webhook: SiteSecret {
    SiteSecret(
      name: "address of the webhook", key: "webhook_file", file: webhookFile, value: nil)
  }

  /// Where the password for the mail server is kept.
  var smtpPassword: SiteSecret {
    SiteSecret(
      name: "password of the mail server", key: "smtp_password_file", file: smtpPasswordFile,
      value: nil)
  }
}

extension NoticePlaces {
  init(_ node: Node, place: String, sites: [Site]) throws(ConfigurationProblem) {
    let keys = try YAMLKeys(
      node, place: place,
      known: [
        "address", "site", "mail_from", "smtp", "smtp_user", "smtp_password_file",
        "webhook_file", "topic", "allow_loopback",
      ])
    let named = try keys.site(of: sites)
    let typed = try keys.needed("address")
    self.init(address: typed.hasSuffix("/") ? String(typed.dropLast()) : typed, site: named)
    mailFrom = try keys.text("mail_from")
    smtp = try keys.text("smtp")
    smtpUser = try keys.text("smtp_user")
    smtpPasswordFile = try keys.text("smtp_password_file")
    webhookFile = try keys.text("webhook_file")
    topic = try keys.text("topic")
    allowsLoopback = try keys.flag("allow_loopback") ?? false
    if let problem { throw ConfigurationProblem("\(place): \(problem)") }
  }

  /// What is wrong; nil when nothing is.
  private var problem: String? {
    let parts = URL(string: address)
    guard ["https", "http"].contains(parts?.scheme), parts?.host != nil, parts?.query == nil else {
      return "address must be Caretaker's own address in a browser, not “\(address)”."
    }
    guard !channels.isEmpty else { return "name mail_from, webhook_file or topic, or several." }
    if let mailFrom, MailAddress(mailFrom) == nil {
      return "mail_from must be an address for mail, not “\(mailFrom)”."
    }
    if let smtp {
      let url = URL(string: smtp)
      guard mailFrom != nil else { return "smtp needs mail_from, who the mail is from." }
      guard ["smtp", "smtps"].contains(url?.scheme), url?.host != nil, url?.user == nil else {
        return "smtp must be smtps://HOST or smtp://HOST, without a user, not “\(smtp)”."
      }
    }
    if (smtpUser == nil) != (smtpPasswordFile == nil) {
      return "smtp_user and smtp_password_file belong together."
    }
    if let topic, !topic.hasPrefix("arn:") || topic.split(separator: ":").count != 6 {
      return "topic must be the ARN of an SNS topic, not “\(topic)”."
    }
    return nil
  }
}
