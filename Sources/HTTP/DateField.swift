/// The Date field (RFC 9110 §6.6.1), written once a second.
struct DateField {
  private var second: Int?
  private var line: [UInt8] = []

  mutating func line(at unixSeconds: Int) -> [UInt8] {
    if second != unixSeconds {
      second = unixSeconds
      line = Array("Date: \(HTTPDate.text(unixSeconds))\r\n".utf8)
    }
    return line
  }
}
