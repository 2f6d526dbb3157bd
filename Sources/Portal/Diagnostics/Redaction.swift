import Foundation
import Rules

/// Takes out of a text what names people, places and secrets, whatever wrote it.
struct Redaction: Sendable {
  /// What is known, the longest first, with what stands in its place.
  private let known: [(text: String, mark: String)]

  /// Names shorter than this would take parts of other words along.
  private static let lengthMin = 3

  /// - Parameters:
  ///   - configuration: whose sites, addresses and buckets are taken out.
  ///   - people: whose logins and names are.
  init(_ configuration: Configuration, people: [Person]) {
    var known: [(String?, String)] = []
    for (index, site) in configuration.sites.enumerated() {
      let number = index + 1
      known += [
        (site.name, "[site \(number)]"), (site.stack, "[stack \(number)]"),
        (site.ghostURL, "[blog \(number)]"), (site.ghostHost, "[blog \(number)]"),
        (site.repository, "[repository \(number)]"), (site.profile, "[profile \(number)]"),
        (site.ghostEndpoint, "[address]"), (site.endpoint, "[address]"),
        (site.githubEndpoint, "[address]"), (site.role, "[role \(number)]"),
        (site.runRole?.text, "[role \(number)]"),
      ]
    }
    let notices = configuration.notices
    known += [
      (configuration.anchor?.bucket, "[bucket]"), (configuration.anchor?.prefix, "[prefix]"),
      (configuration.stream?.bucket, "[bucket]"), (configuration.stream?.prefix, "[prefix]"),
      (configuration.lease?.bucket, "[bucket]"), (configuration.lease?.key, "[key]"),
      (configuration.backup?.place, "[place of backups]"), (notices?.address, "[own address]"),
      (notices?.host, "[own address]"), (notices?.mailFrom, "[mail address]"),
      (notices?.smtp, "[mail server]"), (notices?.smtpUser, "[mail user]"),
      (notices?.topic, "[topic]"), (configuration.openID?.issuer, "[issuer]"),
      (configuration.openID?.client, "[client]"), (configuration.openID?.label, "[label]"),
    ]
    for person in people {
      known += [(person.login, "[person \(person.id)]"), (person.name, "[person \(person.id)]")]
      known += person.identities.map { ($0, "[account of person \(person.id)]") }
    }
    self.known = known.compactMap { text, mark in
      text.flatMap { $0.count >= Self.lengthMin ? ($0, mark) : nil }
    }.sorted { $0.0.count > $1.0.count }
  }

  /// The text without them.
  func redacted(_ text: String) -> String {
    let plain = known.reduce(text) { text, word in
      text.replacing(word.text, with: word.mark)
    }
    return SecretScan.redacted(plain)
      .replacing(Self.mail, with: "[mail address]")
      .replacing(Self.arn, with: "[ARN]")
      .replacing(Self.account, with: "[account]")
      .replacing(Self.token) { Self.looksDrawn($0.output) ? "[long word]" : String($0.output) }
  }

  private static var mail: Regex<Substring> { /[^\s<>"'(),;:“”]+@[^\s<>"'(),;:“”]+/ }
  private static var arn: Regex<Substring> { /arn:[a-z-]+:[^\s"'“”,;)]+/ }
  private static var account: Regex<Substring> { /\b[0-9]{12}\b/ }
  private static var token: Regex<Substring> { /[A-Za-z0-9+\/_=$,-]{24,}/ }

  /// Whether a long word has the look of a hash, a key or a token: letters and digits mixed, unlike
  /// the names of metrics, tables and paths.
  private static func looksDrawn(_ word: Substring) -> Bool {
    let digits = word.count(where: \.isNumber)
    let capitals = word.count(where: \.isUppercase)
    return digits >= 4 || digits >= 1 && capitals >= 1 || capitals >= 4
  }
}
