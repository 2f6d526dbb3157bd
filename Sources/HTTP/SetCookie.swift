/// A cookie to be kept by the browser (RFC 6265bis §4.1). Octets that may not stand in a part are
/// percent-encoded there, so that no value can add an attribute or a line.
public struct SetCookie: Sendable {
  /// When the browser sends the cookie with requests that other sites begin.
  public enum SameSite: String, Sendable {
    /// Never.
    case strict = "Strict"
    /// Only when the reader follows a link.
    case lax = "Lax"
    /// Always; browsers ask for `secure` then.
    case none = "None"
  }

  /// A token (RFC 9110 §5.6.2).
  public var name: String
  /// Visible ASCII but for the double quote, comma, semicolon and backslash.
  public var value: String
  /// Paths that begin like this one get the cookie.
  public var path: String
  /// Seconds to live; nil until the browser is closed, 0 to take the cookie away.
  public var maxAgeSeconds: Int?
  /// Hidden from scripts.
  public var httpOnly: Bool
  /// Sent over TLS alone.
  public var secure: Bool
  /// Whether other sites' requests carry it.
  public var sameSite: SameSite

  /// A cookie; by default as closed as can be.
  public init(
    name: String, value: String, path: String = "/", maxAgeSeconds: Int? = nil,
    httpOnly: Bool = true, secure: Bool = true, sameSite: SameSite = .lax
  ) {
    self.name = name
    self.value = value
    self.path = path
    self.maxAgeSeconds = maxAgeSeconds
    self.httpOnly = httpOnly
    self.secure = secure
    self.sameSite = sameSite
  }

  /// The value of the Set-Cookie field.
  public var field: String {
    let forbiddenInName = Set("\"(),/:;<=>?@[\\]{} ".utf8)
    var text = Self.encode(name, forbidden: forbiddenInName)
    text += "=" + Self.encode(value, forbidden: Set("\",;\\ ".utf8))
    text += "; Path=" + Self.encode(path, forbidden: Set("; ".utf8))
    if let maxAgeSeconds { text += "; Max-Age=\(max(0, maxAgeSeconds))" }
    if httpOnly { text += "; HttpOnly" }
    if secure { text += "; Secure" }
    return text + "; SameSite=\(sameSite.rawValue)"
  }

  private static func encode(_ text: String, forbidden: Set<UInt8>) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte.isControl || byte >= 0x80 || forbidden.contains(byte) {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
