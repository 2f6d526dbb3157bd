/// Which addresses belong to the open Internet. What people may name by themselves must not reach
/// what only this machine and its network can: other services, or the metadata of the machine.
enum PublicAddress {
  /// A range of addresses: the bits that all of them begin with.
  private struct Block {
    let bytes: [UInt8]
    let bitCount: Int

    init(_ bytes: [UInt8], _ bitCount: Int) {
      self.bytes = bytes
      self.bitCount = bitCount
    }

    func holds(_ address: [UInt8]) -> Bool {
      (0..<bitCount).allSatisfy { bit in
        let mask = UInt8(0x80) >> UInt8(bit % 8)
        let wanted = bit / 8 < bytes.count ? bytes[bit / 8] & mask : 0
        return address[bit / 8] & mask == wanted
      }
    }
  }

  /// Of IPv4 (RFC 6890 and IANA's registry of special-purpose addresses): this network, private,
  /// shared, loopback, link-local, protocols, documentation, 6to4, benchmarks, multicast, reserved.
  private static let special4 = [
    Block([0], 8), Block([10], 8), Block([100, 64], 10), Block([127], 8), Block([169, 254], 16),
    Block([172, 16], 12), Block([192, 0, 0], 24), Block([192, 0, 2], 24), Block([192, 88, 99], 24),
    Block([192, 168], 16), Block([198, 18], 15), Block([198, 51, 100], 24),
    Block([203, 0, 113], 24), Block([224], 4), Block([240], 4),
  ]

  /// Of IPv6 only 2000::/3 is given out; in it, protocols, documentation and 6to4 are special.
  private static let given6 = Block([0x20], 3)
  private static let special6 = [
    Block([0x20, 0x01, 0x00], 23), Block([0x20, 0x01, 0x0d, 0xb8], 32), Block([0x20, 0x02], 16),
    Block([0x3f, 0xff, 0x00], 20),
  ]

  /// IPv6 addresses that stand for an IPv4 address, their last four bytes: mapped (RFC 4291
  /// §2.5.5.2) and translated (RFC 6052 §2.1).
  private static let standsFor4 = [
    Block([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 96), Block([0x00, 0x64, 0xff, 0x9b], 96),
  ]

  /// Whether an address of 4 or 16 bytes is one that anybody on the Internet may reach.
  static func isPublic(_ address: [UInt8]) -> Bool {
    switch address.count {
    case 4: return !special4.contains { $0.holds(address) }
    case 16:
      if standsFor4.contains(where: { $0.holds(address) }) {
        return isPublic(Array(address.suffix(4)))
      }
      return given6.holds(address) && !special6.contains { $0.holds(address) }
    default: return false
    }
  }

  /// Whether an address of 4 or 16 bytes is this machine itself.
  static func isLoopback(_ address: [UInt8]) -> Bool {
    switch address.count {
    case 4: address[0] == 127
    case 16: address == [UInt8](repeating: 0, count: 15) + [1]
    default: false
    }
  }
}
