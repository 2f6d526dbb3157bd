/// A set of numbers that mostly follow each other: a bit for each, so that the numbers of all the
/// changes there have ever been take next to no room.
struct NumberSet: Sendable {
  private var words: [Int64: UInt64] = [:]

  func contains(_ number: Int64) -> Bool {
    words[number >> 6].map { $0 & Self.bit(of: number) != 0 } ?? false
  }

  mutating func insert(_ number: Int64) {
    words[number >> 6, default: 0] |= Self.bit(of: number)
  }

  private static func bit(of number: Int64) -> UInt64 { 1 << UInt64(number & 63) }
}
