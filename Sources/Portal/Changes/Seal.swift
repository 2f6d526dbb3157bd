import Cryptography
import Rules

/// A previewed plan on its way through the browser to the proposal: the bytes, and a code that
/// only this portal can make. What was previewed is what is proposed, byte for byte.
struct Seal {
  /// How long a preview can be proposed.
  static let validMs = 15 * Span.minute

  let key: [UInt8]

  /// The code over a plan, for one person, made at a moment.
  func code(plan: [UInt8], person: Int64, at moment: Moment) -> String {
    let message = Array("preview-v1\0\(person)\0\(moment.ms)\0".utf8) + plan
    return "\(moment.ms)." + Base64URL.encode(HMACSHA256.code(key: key, message: message))
  }

  /// Whether the code is for this plan and person and not too old.
  func isValid(_ code: String, plan: [UInt8], person: Int64, at now: Moment) -> Bool {
    guard let ms = code.split(separator: ".").first.flatMap({ Int64($0) }) else { return false }
    let made = Moment(ms: ms)
    guard made <= now, now.since(made) <= Self.validMs else { return false }
    let right = self.code(plan: plan, person: person, at: made)
    return constantTimeEqual(Array(code.utf8), Array(right.utf8))
  }
}
