/// The modules of a code while it is drawn.
struct Matrix {
  let size: Int
  private(set) var isDark: [Bool]
  /// Modules that are no data, and so are never masked.
  private var isFixed: [Bool]

  /// Everything but the mask and its format.
  init(_ version: Version, codewords: [UInt8]) {
    size = version.size
    isDark = [Bool](repeating: false, count: size * size)
    isFixed = isDark
    drawPatterns(version)
    drawFormat(mask: 0)
    drawVersion(version.number)
    drawCodewords(codewords)
  }

  /// The same with a mask laid over the data (§7.8.2).
  func masked(_ mask: Int) -> Matrix {
    var copy = self
    for y in 0..<size {
      for x in 0..<size where !isFixed[y * size + x] && Self.inverts(mask, x, y) {
        copy.isDark[y * size + x].toggle()
      }
    }
    copy.drawFormat(mask: mask)
    return copy
  }

  private static func inverts(_ mask: Int, _ x: Int, _ y: Int) -> Bool {
    switch mask {
    case 0: (x + y) % 2 == 0
    case 1: y % 2 == 0
    case 2: x % 3 == 0
    case 3: (x + y) % 3 == 0
    case 4: (x / 3 + y / 2) % 2 == 0
    case 5: x * y % 2 + x * y % 3 == 0
    case 6: (x * y % 2 + x * y % 3) % 2 == 0
    default: ((x + y) % 2 + x * y % 3) % 2 == 0
    }
  }

  private mutating func fix(_ x: Int, _ y: Int, _ dark: Bool) {
    isDark[y * size + x] = dark
    isFixed[y * size + x] = true
  }

  private mutating func drawPatterns(_ version: Version) {
    for index in 0..<size {
      fix(6, index, index % 2 == 0)
      fix(index, 6, index % 2 == 0)
    }
    for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] { drawFinder(x, y) }
    let places = version.alignment
    for x in places {
      for y in places {
        let corner = [x, y] == [6, 6] || [x, y] == [6, size - 7] || [x, y] == [size - 7, 6]
        guard !corner else { continue }
        for dy in -2...2 {
          for dx in -2...2 { fix(x + dx, y + dy, max(abs(dx), abs(dy)) != 1) }
        }
      }
    }
  }

  private mutating func drawFinder(_ x: Int, _ y: Int) {
    for dy in -4...4 {
      for dx in -4...4 where 0..<size ~= x + dx && 0..<size ~= y + dy {
        let distance = max(abs(dx), abs(dy))
        fix(x + dx, y + dy, distance != 2 && distance != 4)
      }
    }
  }

  /// Error correction M, whose two bits are 0, and the mask, twice (§7.9).
  private mutating func drawFormat(mask: Int) {
    var rest = mask
    for _ in 0..<10 { rest = (rest << 1) ^ ((rest >> 9) * 0x537) }
    let bits = (mask << 10 | rest) ^ 0x5412
    func bit(_ index: Int) -> Bool { bits >> index & 1 == 1 }
    for index in 0...5 { fix(8, index, bit(index)) }
    fix(8, 7, bit(6))
    fix(8, 8, bit(7))
    fix(7, 8, bit(8))
    for index in 9..<15 { fix(14 - index, 8, bit(index)) }
    for index in 0..<8 { fix(size - 1 - index, 8, bit(index)) }
    for index in 8..<15 { fix(8, size - 15 + index, bit(index)) }
    fix(8, size - 8, true)
  }

  /// From version 7 on (§7.10).
  private mutating func drawVersion(_ number: Int) {
    guard number >= 7 else { return }
    var rest = number
    for _ in 0..<12 { rest = (rest << 1) ^ ((rest >> 11) * 0x1F25) }
    let bits = number << 12 | rest
    for index in 0..<18 {
      let dark = bits >> index & 1 == 1
      fix(size - 11 + index % 3, index / 3, dark)
      fix(index / 3, size - 11 + index % 3, dark)
    }
  }

  /// In columns of two, up and down from the right (§7.7.3).
  private mutating func drawCodewords(_ codewords: [UInt8]) {
    var index = 0
    var right = size - 1
    while right >= 1 {
      if right == 6 { right = 5 }
      let isUpward = (right + 1) & 2 == 0
      for step in 0..<size {
        let y = isUpward ? size - 1 - step : step
        for x in [right, right - 1]
        where !isFixed[y * size + x] && index < codewords.count * 8 {
          isDark[y * size + x] = codewords[index / 8] >> UInt8(7 - index % 8) & 1 == 1
          index += 1
        }
      }
      right -= 2
    }
  }
}
