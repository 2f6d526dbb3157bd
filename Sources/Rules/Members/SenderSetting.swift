/// The sender of Ghost's mail. It is no setting of Ghost admin but a part of the server's
/// configuration, so only the task's environment sets it.
public enum SenderSetting {
  /// The variable of the task's environment.
  public static let variable = "mail__from"

  /// The address Ghost makes up where it is told none: of the site's host, without `www.`
  /// (settings-helpers.js of TryGhost/Ghost).
  public static func madeUp(site: String) -> String {
    var host = site[...]
    if let scheme = host.firstRange(of: "://") { host = host[scheme.upperBound...] }
    host = host.prefix { $0 != "/" && $0 != ":" && $0 != "?" }
    return "noreply@" + (host.hasPrefix("www.") ? host.dropFirst(4) : host)
  }

  /// The lines of CDK code that set it.
  public static func lines(title: String, address: String) -> [String] {
    let name = title.filter { !"'\"<>\\`".contains($0) && !$0.isNewline }
    let sender = name.isEmpty ? address : "\\'\(name)\\' <\(address)>"
    return ["environment: {", "  \(variable): '\(sender)',", "},"]
  }

  /// What to do where it is not set.
  static func remedy(domain: String, title: String) -> String {
    let address = domain.isEmpty ? "noreply@YOUR-DOMAIN" : "noreply@\(domain)"
    return "Ghost admin can't set it. Write into the container's definition in the CDK code: "
      + lines(title: title, address: address).joined(separator: " ")
      + " Then run infra-deploy in mode plan and execute its change set."
  }
}
