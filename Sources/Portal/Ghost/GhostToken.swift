import Cryptography
import Foundation
import Rules

/// The short-lived token that each call to Ghost's Admin API carries
/// (docs.ghost.org/admin-api, “Token authentication”): a JSON web token over the key's secret.
enum GhostToken {
  /// How long a token is valid, in seconds. Ghost takes none that is older.
  static let lifetimeS: Int64 = 300

  /// - Parameter key: `id:secret`, the secret in hexadecimal digits.
  /// - Returns: the token; nil when the key has another form.
  static func make(key: Secret, at now: Moment) -> String? {
    let parts = String(decoding: key.bytes, as: UTF8.self).split(
      separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, Hex.decode(parts[0])?.count == 12,
      let secret = Hex.decode(parts[1]), secret.count == 32
    else { return nil }
    let issued = now.unixSeconds
    let header = #"{"alg":"HS256","typ":"JWT","kid":"\#(parts[0])"}"#
    let claims = #"{"iat":\#(issued),"exp":\#(issued + lifetimeS),"aud":"/admin/"}"#
    let signed = [header, claims].map { Base64URL.encode(Array($0.utf8)) }.joined(separator: ".")
    let code = HMACSHA256.code(key: secret, message: Array(signed.utf8))
    return signed + "." + Base64URL.encode(code)
  }
}
