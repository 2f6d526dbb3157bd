/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same sequence everywhere.
package struct Chance: Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// From 0 to below a number, which is positive.
  package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// True so many times in a hundred.
  package mutating func percent(_ share: Int) -> Bool { below(100) < share }

  /// One of some values, of which there is at least one.
  package mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }
}
