/// The letters and digits of ASCII, which names, numbers and codes are held to.
extension UInt8 {
  var isDigit: Bool { 0x30...0x39 ~= self }
  var isLowercase: Bool { 0x61...0x7A ~= self }
  var isLetter: Bool { isLowercase || 0x41...0x5A ~= self }
  var isAlphanumeric: Bool { isDigit || isLetter }
  var isHex: Bool { isLowercaseHex || 0x41...0x46 ~= self }
  var isLowercaseHex: Bool { isDigit || 0x61...0x66 ~= self }
}
