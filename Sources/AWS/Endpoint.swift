/// Where a service is called.
struct Endpoint {
  /// Scheme and host, `https://rds.us-west-2.amazonaws.com`.
  let origin: String
  /// Host and port as in the `Host` field.
  let host: String
  /// What every path begins with; empty, or `/…` without a slash at its end.
  let path: String

  static func of(
    _ operation: Operation, region: String, override: String?
  ) throws(AWSError) -> Endpoint {
    func problem(_ words: String) -> AWSError {
      AWSError(.misconfigured(words), operation, region: region)
    }
    // The region becomes part of a host name, so it must not be able to end it.
    guard !region.isEmpty, region.utf8.allSatisfy(isNameByte) else {
      throw problem("“\(region)” is not a region's name. Check “region”.")
    }
    if let given = override {
      guard let endpoint = Endpoint(url: given) else {
        throw problem("“endpoint” must be an http or https URL without query or user.")
      }
      return endpoint
    }
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    let name = operation.api.isGlobal ? operation.api.host : "\(operation.api.host).\(region)"
    let host = "\(name).\(domain)"
    return Endpoint(origin: "https://\(host)", host: host, path: "")
  }

  private init(origin: String, host: String, path: String) {
    self.origin = origin
    self.host = host
    self.path = path
  }

  /// Nil unless `url` is `http` or `https`, a host with perhaps a port, and perhaps a plain path.
  init?(url: String) {
    guard let scheme = ["https://", "http://"].first(where: url.hasPrefix) else { return nil }
    let rest = url.dropFirst(scheme.count)
    let host = rest.prefix { $0 != "/" }
    let path = rest.dropFirst(host.count)
    let isHost = host.utf8.allSatisfy {
      Self.isNameByte($0) || [.init(ascii: "."), .init(ascii: ":")].contains($0)
        || [.init(ascii: "["), .init(ascii: "]")].contains($0)
    }
    let isPath = path.utf8.allSatisfy {
      Self.isNameByte($0) || [.init(ascii: "."), .init(ascii: "/"), .init(ascii: "_")].contains($0)
    }
    guard !host.isEmpty, isHost, isPath else { return nil }
    let trimmed = path.hasSuffix("/") ? path.dropLast() : path
    self.init(origin: scheme + host, host: Self.hostField(scheme, host), path: String(trimmed))
  }

  /// Default ports are left out, as HTTP clients do.
  private static func hostField(_ scheme: String, _ host: Substring) -> String {
    let port = scheme == "https://" ? ":443" : ":80"
    return String(host.hasSuffix(port) ? host.dropLast(port.count) : host)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
