/// One of the sizes of a code with error correction M.
struct Version: Sendable, Hashable {
  let number: Int
  /// Codewords of the whole code.
  let codewords: Int
  /// Codewords for error correction in each block.
  let correction: Int
  let blocks: Int
  /// Where alignment patterns stand, along both sides.
  let alignment: [Int]

  /// ISO/IEC 18004, tables 9 and E.1.
  static let all: [Version] = [
    Version(number: 1, codewords: 26, correction: 10, blocks: 1, alignment: []),
    Version(number: 2, codewords: 44, correction: 16, blocks: 1, alignment: [6, 18]),
    Version(number: 3, codewords: 70, correction: 26, blocks: 1, alignment: [6, 22]),
    Version(number: 4, codewords: 100, correction: 18, blocks: 2, alignment: [6, 26]),
    Version(number: 5, codewords: 134, correction: 24, blocks: 2, alignment: [6, 30]),
    Version(number: 6, codewords: 172, correction: 16, blocks: 4, alignment: [6, 34]),
    Version(number: 7, codewords: 196, correction: 18, blocks: 4, alignment: [6, 22, 38]),
    Version(number: 8, codewords: 242, correction: 22, blocks: 4, alignment: [6, 24, 42]),
    Version(number: 9, codewords: 292, correction: 22, blocks: 5, alignment: [6, 26, 46]),
    Version(number: 10, codewords: 346, correction: 26, blocks: 5, alignment: [6, 28, 50]),
  ]

  var size: Int { 17 + 4 * number }
  private var dataCodewords: Int { codewords - correction * blocks }
  private var countBits: Int { number < 10 ? 8 : 16 }
  var bytesMax: Int { (dataCodewords * 8 - 4 - countBits) / 8 }

  /// Data and error correction, block by block interleaved (§7.6).
  func codewords(of bytes: [UInt8]) -> [UInt8] {
    let data = dataCodewords(of: bytes)
    let longBlocks = data.count % blocks
    var parts: [[UInt8]] = []
    var start = 0
    for block in 0..<blocks {
      let length = data.count / blocks + (block < blocks - longBlocks ? 0 : 1)
      parts.append(Array(data[start..<start + length]))
      start += length
    }
    let code = ReedSolomon(degree: correction)
    let longest = parts.map(\.count).max() ?? 0
    let interleaved = (0..<longest).flatMap { index in
      parts.compactMap { index < $0.count ? $0[index] : nil }
    }
    let corrections = parts.map(code.remainder)
    return interleaved + (0..<correction).flatMap { index in corrections.map { $0[index] } }
  }

  /// Byte mode, the count, the bytes, the end, and padding (§7.4).
  private func dataCodewords(of bytes: [UInt8]) -> [UInt8] {
    var bits: [Bool] = []
    func append(_ value: Int, _ count: Int) {
      for bit in (0..<count).reversed() { bits.append(value >> bit & 1 == 1) }
    }
    append(0b0100, 4)
    append(bytes.count, countBits)
    for byte in bytes { append(Int(byte), 8) }
    append(0, min(4, dataCodewords * 8 - bits.count))
    append(0, (8 - bits.count % 8) % 8)
    var words = stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
    }
    let padding: [UInt8] = [0xEC, 0x11]
    for index in 0..<(dataCodewords - words.count) { words.append(padding[index % 2]) }
    return words
  }
}
