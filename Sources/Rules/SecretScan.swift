/// Looks for secrets in text from outside, before it is stored or shown: the log keeps everything
/// for ever. Knows the forms that keys have; digests, ARNs and commit names are none. Takes time in
/// proportion to the text, whatever the text is.
public enum SecretScan {
  /// What was found, as people call it; nil when nothing looks like a secret.
  public static func find(in text: String) -> String? {
    let scanner = SecretScanner(text)
    return scanner.matches(of: scanner.key).first?.name
      ?? scanner.matches(of: scanner.assignment).first?.name
  }

  /// How often a text is gone through: what is taken out may leave something to be seen beside it,
  /// as the name of an access key does the secret that follows it.
  private static let passesMax = 3

  /// The text with what was found taken out and named.
  public static func redacted(_ text: String) -> String {
    var text = text
    for _ in 0..<passesMax {
      if find(in: text) == nil { return text }
      text = pass(over: text)
    }
    return find(in: text) == nil ? text : "[what looks like secrets, taken out]"
  }

  private static func pass(over text: String) -> String {
    let keys = SecretScanner(text)
    let text = keys.removing(keys.matches(of: keys.key), from: text)
    let assignments = SecretScanner(text)
    return assignments.removing(assignments.matches(of: assignments.assignment), from: text)
  }
}

/// A form of secret that begins with a mark of its own.
struct SecretMark {
  let name: String
  let mark: [UInt8]
  /// The bytes that may follow the mark.
  let alphabet: @Sendable (UInt8) -> Bool
  /// How many must follow.
  let count: ClosedRange<Int>

  init(
    _ name: String, _ mark: String, _ alphabet: @escaping @Sendable (UInt8) -> Bool,
    _ count: ClosedRange<Int>
  ) {
    self.name = name
    self.mark = Array(mark.utf8)
    self.alphabet = alphabet
    self.count = count
  }

  private static let many = Int.max

  static let all: [SecretMark] = {
    var all: [SecretMark] = []
    func add(
      _ name: String, _ marks: [String], _ alphabet: @escaping @Sendable (UInt8) -> Bool,
      _ count: ClosedRange<Int>
    ) {
      all += marks.map { SecretMark(name, $0, alphabet, count) }
    }
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    add("an AWS access key", ["AKIA", "ASIA"], \.isUpperOrDigit, 16...16)
    add("an AWS session token", ["FwoG", "IQoJ", "FQoG"], \.isBase64, 40...many)
    add("a GitHub token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], \.isNameLike, 20...many)
    add("a GitHub token", ["github_pat_"], \.isNameLike, 20...many)
    add("a Slack token", ["xoxa-", "xoxb-", "xoxe-", "xoxp-"], \.isNameLike, 10...many)
    add("a Slack token", ["xoxr-", "xoxs-", "xapp-"], \.isNameLike, 10...many)
    let slack = "hooks.slack.com/"
    add("a Slack webhook", [slack + "services/", slack + "workflows/"], \.isBase64, 16...many)
    add("a Stripe key", ["sk_live_", "sk_test_", "rk_live_", "rk_test_"], \.isNameLike, 16...many)
    add("a Stripe key", ["whsec_"], \.isBase64, 16...many)
    add("a Mailgun key", ["key-"], \.isHex, 32...32)
    return all
  }()
}
