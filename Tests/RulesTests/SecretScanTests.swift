import Rules
import Testing

@Suite struct SecretScanTests {
  @Test(arguments: [
    ("key AKIAIOSFODNN7EXAMPLE here", "an AWS access key"),
    ("ASIAIOSFODNN7EXAMPLE", "an AWS access key"),
    ("secret: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "an AWS secret"),
    ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY is the key", "an AWS secret"),
    (
      "AWS_SECRET_ACCESS_KEY… Secret = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"",
      "an AWS secret"
    ),
    ("token FwoGZXIvYXdzEBYaDHR5cGljYWxseTEwMDBieXRlc2xvbmc0", "an AWS session token"),
    ("use ghp_0123456789abcdefghijABCDEFGHIJ012345", "a GitHub token"),
    ("gho_0123456789abcdefghijABCDEFGHIJ012345", "a GitHub token"),
    ("ghs_0123456789abcdefghijABCDEFGHIJ012345", "a GitHub token"),
    ("github_pat_11AAAAAAA0123456789012_abc", "a GitHub token"),
    (
      "-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADAN\n-----END RSA PRIVATE KEY-----",
      "a private key"
    ),
    ("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----", "a private key"),
    (
      "-----BEGIN OPENSSH PRIVATE KEY-----\nMIIEvQIBADAN\n-----END OPENSSH PRIVATE KEY-----",
      "a private key"
    ),
    (
      "-----BEGIN PGP PRIVATE KEY BLOCK-----\nMIIEvQIBADAN\n-----END PGP PRIVATE KEY BLOCK-----",
      "a private key"
    ),
    (
      "0123456789abcdef01234567:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "a Ghost key"
    ),
    ("xoxb-123456789012-abcdefABCDEF", "a Slack token"),
    ("https://hooks.slack.com/services/T00000000/B00000000/abcdefABCDEF0123", "a Slack webhook"),
    ("sk_" + "live_0123456789abcdefABCDEF", "a Stripe key"),
    ("key-0123456789abcdef0123456789abcdef", "a Mailgun key"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p", "a signed token"),
    ("mysql://ghost:hunter2@db.example.com/ghost", "an address with a password"),
    ("redis://:hunter2@cache.example.com", "an address with a password"),
    ("https://0123456789abcdef01234567@github.com/o/r", "an address with a token"),
    ("curl -H 'Authorization: Bearer 0123456789abcdefABCD'", "an authorization"),
    ("SMTP password=hunter22", "a password"),
    ("mail__options__auth__pass=hunter22", "a password"),
    ("MAIL_PASSWORD = \"correct-horse\"", "a password"),
    ("password: hunter2hunter2", "a password"),
    ("{\"token\": \"a1b2c3d4e5\"}", "a password"),
  ])
  func `what looks like a secret is named, and taken out`(text: String, name: String) {
    #expect(SecretScan.find(in: text) == name)
    let cleaned = SecretScan.redacted("before \(text) after")
    #expect(SecretScan.find(in: cleaned) == nil)
    #expect(cleaned.contains("[\(name), taken out]"))
    #expect(cleaned.hasPrefix("before ") && cleaned.hasSuffix(" after"))
  }

  @Test(arguments: [
    "", "Pages took 3 seconds during Sunday's newsletter.", "It's no secret that it is slow",
    "See https://blog.example.com/ghost/ and mail ana@example.com", "AKIA is how keys begin",
    "digest 8bf8b5bebae4bd14e3b604c0a059edd423509545f541e85be9e35570a4d1a9c7",
    "ratio 3:4, 10:30@noon", "ghp_short", "-----BEGIN CERTIFICATE-----",
    "the secret was rotated in commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "AWS: arn:aws:ecs:us-west-2:123456789012:task-definition/ghost:41",
    "arn:aws:secretsmanager:us-west-2:123456789012:secret:ghost/mail-Ab1CdE",
    "123456789012.dkr.ecr.us-west-2.amazonaws.com/ghost@sha256:"
      + "8bf8b5bebae4bd14e3b604c0a059edd423509545f541e85be9e35570a4d1a9c7",
    "AWS key i-0123456789abcdef0 in subnet-0123456789abcdef0",
    "request 8a2f7c1e-0b5d-4d1c-9a53-2f8c6c1f6f0a of access log",
    "http://127.0.0.1:8080/changes/12?said=approved", "ssh://git@github.com/example/blog.git",
    "Password: reset by Ana this morning", "her password was weak; the token expires in 3 days",
    "bearer of bad news", "basic understanding of infrastructure", "key-value pairs",
    "eyJ is how a token begins", "compass=north-by-northwest", "xoxo, Ana",
  ])
  func `what people write is let through, unchanged`(text: String) {
    #expect(SecretScan.find(in: text) == nil)
    #expect(SecretScan.redacted(text) == text)
  }

  @Test func `a private key that was cut off is taken out to the end`() {
    let text = "it said -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ"
    #expect(SecretScan.redacted(text) == "it said [a private key, taken out]")
  }

  @Test func `a long secret is taken out whole, and all of several are`() {
    let long = "eyJhbGciOiJIUzI1NiJ9." + String(repeating: "Zm9vYmFy", count: 500) + ".c2lnbmF0dXJl"
    let text = "a \(long) b password=hunter22 c ghp_0123456789abcdefghijABCDEFGHIJ012345"
    #expect(
      SecretScan.redacted(text)
        == "a [a signed token, taken out] b [a password, taken out] c [a GitHub token, taken out]")
  }

  @Test func `the secret behind an access key is taken out with it`() {
    let text = "AKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE1"
    #expect(
      SecretScan.redacted(text) == "[an AWS access key, taken out],[an AWS secret, taken out]")
  }

  @Test func `what hides behind ever more secrets is taken out, at the last with the text`() {
    let token = "ghp_0123456789abcdefghij"
    let chain = "AKIAIOSFODNN7EXAMPLE" + token
    #expect(!SecretScan.redacted(chain).contains(token))
    let link = "key-" + String(repeating: "0a", count: 16) + "g"
    let long = String(repeating: link, count: 9)
    #expect(SecretScan.find(in: SecretScan.redacted(long + token)) == nil)
  }

  @Test func `a secret that begins in the one before it is taken out with it`() {
    let key = String(repeating: "0a", count: 12) + ":" + String(repeating: "0a", count: 32)
    let token = "ghp_0123456789abcdefghij"
    #expect(
      SecretScan.redacted("a \(token)-\(key) b")
        == "a [a GitHub token, taken out][a Ghost key, taken out] b")
    #expect(SecretScan.find(in: "\(token)-\(key)") == "a GitHub token")
  }

  @Test func `secrets one behind the other, in any order, are found if and only if taken out`() {
    let hex = String(repeating: "0a", count: 12)
    let pieces = [
      hex, ":", hex + hex + "0123456789abcdef", "-", "ghp_", "key-", "password=", "eyJ", "://", "@",
      ".", " ", "\"", "AKIAIOSFODNN7EXAMPLE", "bearer ", "-----BEGIN PRIVATE KEY-----", "secret",
    ]
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      let text = (0..<8).reduce(into: "") { text, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1
        text += pieces[Int((state >> 33) % UInt64(pieces.count))]
      }
      #expect((SecretScan.find(in: text) == nil) == (SecretScan.redacted(text) == text))
    }
  }

  @Test(arguments: ["a", "eyJ-", "://", "a://b:", "token:", "key ", "-----BEGIN ", "0a1b:", "A/b+"])
  func `a long row of what is almost a secret is none, and is soon read`(piece: String) {
    let text = String(repeating: piece, count: (16 << 10) / piece.utf8.count)
    #expect(SecretScan.find(in: text) == nil)
  }
}
