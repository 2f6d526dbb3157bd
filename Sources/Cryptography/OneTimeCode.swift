/// Codes of six digits that two sides with one secret can tell: HOTP (RFC 4226) counted by time,
/// TOTP (RFC 6238).
public enum OneTimeCode {
  /// The length of a secret in bytes (RFC 4226 §4, R6).
  public static let secretLength = 20
  /// How long a code is shown.
  public static let stepMs: Int64 = 30_000
  /// The digits of a code.
  public static let digits = 6
  /// How many steps before and behind the present one are taken, for clocks that differ.
  public static let leewaySteps: Int64 = 1

  /// The code of a counter (RFC 4226 §5.3).
  public static func code(
    secret: Secret, counter: Int64, digits: Int = OneTimeCode.digits
  ) -> String {
    let message = (0..<8).map { UInt8(truncatingIfNeeded: counter >> Int64(56 - 8 * $0)) }
    let hash = HMACSHA1.code(key: secret.bytes, message: message)
    let offset = Int(hash[hash.count - 1] & 0xf)
    let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
    let modulus = (0..<digits).reduce(UInt32(1)) { power, _ in power * 10 }
    let text = String(number % modulus)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// The step that a moment is in.
  /// - Parameter atMs: milliseconds since 1970.
  public static func step(atMs: Int64) -> Int64 { atMs / stepMs }

  /// The step whose code was typed; nil when it is the code of no step near, or of one not after
  /// the last that was used. Every step near is tried, in the same time.
  /// - Parameters:
  ///   - atMs: now, in milliseconds since 1970.
  ///   - last: the last step whose code was taken.
  public static func step(
    typed: String, secret: Secret, atMs: Int64, after last: Int64
  ) -> Int64? {
    let now = step(atMs: atMs)
    var found: Int64?
    for step in (now - leewaySteps)...(now + leewaySteps) {
      let code = code(secret: secret, counter: step)
      let isSame = constantTimeEqual(Array(code.utf8), Array(typed.utf8))
      if isSame, step > last, found == nil { found = step }
    }
    return found
  }
}
