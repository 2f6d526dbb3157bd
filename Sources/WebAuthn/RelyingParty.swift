import Cryptography

/// Whom credentials are made for: the host by its name, and the one origin whose pages may ask.
public struct RelyingParty: Sendable, Equatable {
  /// The host's name.
  public let id: String
  /// The origin as browsers write it, without the port that its scheme has anyway.
  public let origin: String

  /// - Parameter address: how browsers reach the pages, `https://caretaker.example.com`.
  /// - Returns: nil where browsers make no credentials: without TLS but on this machine itself, and
  ///   for a host that has only an IP address (W3C WebAuthn Level 3 §5.1.3, §13.4.9).
  public init?(address: String) {
    let lower = address.lowercased()
    guard let mark = lower.firstRange(of: "://") else { return nil }
    let scheme = lower[..<mark.lowerBound]
    let authority = lower[mark.upperBound...].prefix { !"/?#".contains($0) }
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    let name = parts[0]
    guard !name.isEmpty, parts.count <= 2, name.utf8.allSatisfy(Self.isInName),
      parts.count == 1 || UInt16(parts[1]) != nil
    else { return nil }
    // The last part of an IPv4 address is a number, that of a name never.
    guard let last = name.split(separator: ".").last, Int(last) == nil else { return nil }
    let isLocal = name == "localhost" || name.hasSuffix(".localhost")
    guard scheme == "https" || scheme == "http" && isLocal else { return nil }
    id = String(name)
    let usual = scheme == "https" ? "443" : "80"
    let port = parts.count == 2 && parts[1] != usual ? ":\(parts[1])" : ""
    origin = "\(scheme)://\(name)\(port)"
  }

  /// What stands for the host in authenticator data.
  var idHash: [UInt8] { SHA256.digest(Array(id.utf8)) }

  private static func isInName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
