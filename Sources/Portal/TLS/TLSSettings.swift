import HTTP
import Yams

/// What the port is served with over TLS, as the configuration names it.
public struct TLSSettings: Sendable, Hashable {
  /// The certificate and its private key.
  var files: TLS.Files
  /// A second port, in the clear, which sends everybody on to this one; nil for none.
  var redirect: ListenPlace?
}

/// An address and a port to listen on.
struct ListenPlace: Sendable, Hashable {
  /// A numeric address.
  var address: String
  /// 0 takes a free one.
  var port: Int

  /// `ADDRESS:PORT` in its two parts; nil for anything else. Brackets around an IPv6 address, as
  /// addresses of pages have them, are no part of it.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    self.port = port
    let typed = text[..<colon]
    let isBracketed = typed.hasPrefix("[") && typed.hasSuffix("]")
    address = String(isBracketed ? typed.dropFirst().dropLast() : typed)
  }

  /// As the address of a page has it.
  var authority: String { (address.contains(":") ? "[\(address)]" : address) + ":\(port)" }

  /// - Parameter key: where it stands, for the sentence.
  init(_ text: String, as key: String) throws(ConfigurationProblem) {
    guard let place = ListenPlace(text) else {
      throw ConfigurationProblem("\(key) must be ADDRESS:PORT, not “\(text)”.")
    }
    self = place
  }
}

extension TLSSettings {
  init(_ node: Node, place: String) throws(ConfigurationProblem) {
    let keys = try YAMLKeys(node, place: place, known: ["certificate", "key", "redirect"])
    files = TLS.Files(
      certificate: try keys.needed("certificate"), key: try keys.needed("key"))
    redirect = try keys.text("redirect").map { typed throws(ConfigurationProblem) in
      try ListenPlace(typed, as: "\(place): redirect")
    }
  }
}
