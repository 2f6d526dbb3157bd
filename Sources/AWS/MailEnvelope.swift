public import Cryptography

/// Who a letter is from and to, as the mail server is told (RFC 5321 §2.3.1), and who sends it.
public struct MailEnvelope: Sendable {
  /// Where bounces go.
  public var from: String
  /// Who gets it.
  public var to: String
  /// The name the server knows the sender by; empty to sign in as nobody.
  public var user: String
  /// The sender's password; nil for none.
  public var password: Secret?
  /// Whether the letter goes out over TLS alone.
  public var needsTLS: Bool

  /// An envelope.
  public init(
    from: String, to: String, user: String = "", password: Secret? = nil, needsTLS: Bool = true
  ) {
    self.from = from
    self.to = to
    self.user = user
    self.password = password
    self.needsTLS = needsTLS
  }
}

extension HTTPCall {
  /// A letter on its way to a mail server, `smtp://` or `smtps://`. The answer's status is the
  /// server's last reply; a refusal is a problem that quotes it.
  public init(letter: [UInt8], in envelope: MailEnvelope, to url: String, timeoutMs: Int64) {
    self.init(method: "MAIL", url: url, timeoutMs: timeoutMs, isRepeatable: false)
    streamed = HTTPBody([.bytes(letter)])
    self.envelope = envelope
  }
}
