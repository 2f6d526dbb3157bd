import Glibc

/// A numeric IPv4 or IPv6 address with a port, in the shape the system wants it.
struct SocketAddress {
  private var storage = sockaddr_storage()
  private(set) var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  /// Room for the system to write an address into.
  init() {}

  init(_ address: String, port: Int) throws(ListenProblem) {
    guard let port = UInt16(exactly: port) else { throw .badPort(port) }
    var v4 = sockaddr_in()
    var v6 = sockaddr_in6()
    if inet_pton(AF_INET, address, &v4.sin_addr) == 1 {
      v4.sin_family = sa_family_t(AF_INET)
      v4.sin_port = port.bigEndian
      set(v4)
    } else if inet_pton(AF_INET6, address, &v6.sin6_addr) == 1 {
      v6.sin6_family = sa_family_t(AF_INET6)
      v6.sin6_port = port.bigEndian
      set(v6)
    } else {
      throw .badAddress(address)
    }
  }

  var family: Int32 { Int32(storage.ss_family) }

  var port: Int {
    // The port stands at the same place in both kinds of address.
    withUnsafeBytes(of: storage) {
      Int(UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)))
    }
  }

  /// The address as digits; one that came over IPv6 from IPv4 is given as IPv4.
  var host: String {
    var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    withUnsafeBytes(of: storage) { bytes in
      text.withUnsafeMutableBytes { text in
        guard let base = bytes.baseAddress,
          let target = text.baseAddress?.assumingMemoryBound(to: CChar.self)
        else { return }
        let offset = family == AF_INET ? 4 : 8
        inet_ntop(family, base + offset, target, socklen_t(text.count))
      }
    }
    let host = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    return host.hasPrefix("::ffff:") ? String(host.dropFirst("::ffff:".count)) : host
  }

  /// Calls the system with the address.
  mutating func withPointer<Result>(
    _ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &storage) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
  }

  private mutating func set<Address>(_ address: Address) {
    withUnsafeBytes(of: address) { from in
      withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: from) }
    }
    length = socklen_t(MemoryLayout<Address>.size)
  }
}
