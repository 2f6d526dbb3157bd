/// What one argon2id computation costs.
struct PasswordHashCost: Equatable {
  /// The largest cost that a stored string may ask for. A row that an intruder could write must
  /// not be able to take all memory, or a core for minutes.
  static let maximum = PasswordHashCost(memoryKiB: 1 << 20, iterations: 64, lanes: 16)

  var memoryKiB: UInt32
  var iterations: UInt32
  var lanes: UInt32

  var isAllowed: Bool {
    memoryKiB <= Self.maximum.memoryKiB && iterations <= Self.maximum.iterations
      && lanes <= Self.maximum.lanes
  }
}

/// The parts of `$argon2id$v=19$m=65536,t=3,p=1$salt$hash`, the PHC string format as libargon2
/// writes it: this order, no extra parameters, Base64 without padding.
struct EncodedPasswordHash {
  let cost: PasswordHashCost
  let salt: [UInt8]
  let tag: [UInt8]

  /// Nil unless `text` has exactly that form and its cost is allowed.
  init?(_ text: String) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19",
      let cost = Self.cost(parts[3]), cost.isAllowed,
      let salt = Base64.decodeUnpadded(parts[4]), let tag = Base64.decodeUnpadded(parts[5])
    else { return nil }
    (self.cost, self.salt, self.tag) = (cost, salt, tag)
  }

  private static func cost(_ text: Substring) -> PasswordHashCost? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 3,
      let memoryKiB = number(parts[0], named: "m="),
      let iterations = number(parts[1], named: "t="),
      let lanes = number(parts[2], named: "p=")
    else { return nil }
    return PasswordHashCost(memoryKiB: memoryKiB, iterations: iterations, lanes: lanes)
  }

  private static func number(_ text: Substring, named name: String) -> UInt32? {
    guard text.hasPrefix(name) else { return nil }
    let digits = text.dropFirst(name.count)
    guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      return nil
    }
    return UInt32(digits)
  }
}
