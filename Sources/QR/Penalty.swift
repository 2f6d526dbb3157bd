extension Matrix {
  /// How badly the code reads; the mask with the least is taken (§7.8.3).
  var penalty: Int {
    var penalty = 0
    for line in 0..<size {
      let row = (0..<size).map { isDark[line * size + $0] }
      let column = (0..<size).map { isDark[$0 * size + line] }
      for modules in [row, column] { penalty += Self.runs(modules) + Self.finders(modules) }
    }
    for y in 0..<size - 1 {
      for x in 0..<size - 1 {
        let corner = isDark[y * size + x]
        let others = [(x + 1, y), (x, y + 1), (x + 1, y + 1)]
        if others.allSatisfy({ isDark[$0.1 * size + $0.0] == corner }) { penalty += 3 }
      }
    }
    let dark = isDark.count { $0 }
    let total = size * size
    return penalty + abs(dark * 20 - total * 10) / total * 10
  }

  /// Five and more of one colour on end.
  private static func runs(_ modules: [Bool]) -> Int {
    var (penalty, length) = (0, 0)
    for index in modules.indices {
      length = index > 0 && modules[index] == modules[index - 1] ? length + 1 : 1
      if length == 5 { penalty += 3 } else if length > 5 { penalty += 1 }
    }
    return penalty
  }

  /// What looks like a finder, with light on one side.
  private static func finders(_ modules: [Bool]) -> Int {
    let finder = [true, false, true, true, true, false, true]
    let light = [false, false, false, false]
    var count = 0
    for start in 0...modules.count - 11 {
      let part = Array(modules[start..<start + 11])
      if part == finder + light || part == light + finder { count += 1 }
    }
    return count * 40
  }
}
