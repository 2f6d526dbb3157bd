import Cryptography
import Foundation
import GRDB
import Rules

/// What a browser keeps of a sign-in on its way, in a cookie. All that has to be secret is made
/// from it, so that the database holds nothing anybody could go on with.
struct OpenIDTicket {
  /// The value of the cookie, by whose hash the database knows the browser.
  let token: Token

  init(_ token: Token) { self.token = token }

  /// What ties the ID token to this sign-in (OpenID Connect Core 1.0 §3.1.2.1).
  var nonce: String { made("openid-nonce-v1") }

  /// What ties the code to this browser (RFC 7636 §4.1).
  var verifier: String { made("openid-verifier-v1") }

  /// What the provider is told of the verifier (RFC 7636 §4.2, S256).
  var challenge: String { Base64URL.encode(SHA256.digest(Array(verifier.utf8))) }

  private func made(_ purpose: String) -> String {
    Base64URL.encode(HMACSHA256.code(key: Array(token.text.utf8), message: Array(purpose.utf8)))
  }
}

/// Sign-ins on their way to the provider and back.
enum OpenIDRequestStore {
  /// How long one may take.
  static let liveMs = 10 * Span.minute
  /// The most that are kept; the oldest give way.
  static let rowsMax = 10_000

  /// The longest address that one may lead to, in bytes; a longer one leads to the start page.
  static let nextBytesMax = 2_000

  /// Notes one.
  static func insert(
    stateHash: [UInt8], browserHash: [UInt8], next: String, at now: Moment, in db: Database
  ) throws {
    try removeEnded(at: now, in: db)
    try db.execute(
      sql: """
        DELETE FROM openid_requests WHERE state_hash IN
        (SELECT state_hash FROM openid_requests ORDER BY ends_at DESC LIMIT -1 OFFSET ?)
        """,
      arguments: [rowsMax - 1])
    try db.execute(
      sql: """
        INSERT INTO openid_requests (state_hash, browser_hash, next, ends_at) VALUES (?, ?, ?, ?)
        """,
      arguments: [
        Data(stateHash), Data(browserHash), next.utf8.count > nextBytesMax ? "/" : next,
        now.adding(ms: liveMs).ms,
      ])
  }

  /// Takes the one of a state and a browser, which is gone then, and gives where it leads to.
  static func take(
    stateHash: [UInt8], browserHash: [UInt8], at now: Moment, in db: Database
  ) throws -> String? {
    try String.fetchOne(
      db,
      sql: """
        DELETE FROM openid_requests WHERE state_hash = ? AND browser_hash = ? AND ends_at > ?
        RETURNING next
        """,
      arguments: [Data(stateHash), Data(browserHash), now.ms])
  }

  /// Removes those whose time is over.
  static func removeEnded(at now: Moment, in db: Database) throws {
    try db.execute(sql: "DELETE FROM openid_requests WHERE ends_at <= ?", arguments: [now.ms])
  }
}
