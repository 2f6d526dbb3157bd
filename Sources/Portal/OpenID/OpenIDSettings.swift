import Foundation
public import Rules
import Yams

/// An OpenID provider that people may sign in through, as the configuration names it. Holds no
/// secret.
public struct OpenIDSettings: Sendable, Hashable {
  /// The provider's name for itself, an address; everything it says is held against it.
  public var issuer: String
  /// The name it knows Caretaker by.
  public var client: String
  /// The file with the secret that goes with it.
  public var clientSecretFile: String
  /// The claim of the ID token that lists groups.
  public var groupsClaim = "groups"
  /// The role of each group, in order: the first that somebody is in decides.
  public var roles: [GroupRole]
  /// What stands on the button.
  public var label = "Sign in through OpenID"
  /// How long one call may take.
  var withinMs: Int64 = 5_000

  /// A group and what its members are.
  public struct GroupRole: Sendable, Hashable {
    /// The group, as the provider names it.
    public var group: String
    /// The role of its members.
    public var role: Role
  }

  /// The longest address of an issuer, in characters.
  static let issuerLengthMax = 200
  /// The most groups that are given roles.
  static let rolesMax = 100
  /// The longest words on the button, in characters.
  static let labelLengthMax = 60

  /// The role that groups make; nil where none of them has one.
  func role(of groups: [String]) -> Role? {
    let groups = Set(groups)
    return roles.first { groups.contains($0.group) }?.role
  }

  /// How somebody's account there is linked, `openid:https://id.example.com#248289761001`.
  func account(of subject: String) -> String { "\(Self.accountKind):\(issuer)#\(subject)" }

  /// What accounts there begin with, before the colon.
  static let accountKind = "openid"

  /// Where the client's secret is kept.
  var secret: SiteSecret {
    SiteSecret(
      name: "client secret for OpenID", key: "client_secret_file", file: clientSecretFile,
      value: nil)
  }
}

extension OpenIDSettings {
  init(_ node: Node, place: String) throws(ConfigurationProblem) {
    let keys = try YAMLKeys(
      node, place: place,
      known: ["issuer", "client_id", "client_secret_file", "groups_claim", "roles", "label"])
    issuer = try keys.needed("issuer")
    client = try keys.needed("client_id")
    clientSecretFile = try keys.needed("client_secret_file")
    roles = try Self.roles(keys.node("roles"), place: place)
    if let claim = try keys.text("groups_claim") { groupsClaim = claim }
    if let words = try keys.text("label") { label = words }
    guard issuer.count <= Self.issuerLengthMax, OpenIDAddress(issuer, besides: nil) != nil,
      !issuer.contains("?")
    else {
      throw ConfigurationProblem(
        "\(place): issuer must begin with https://, or be http on this machine itself, and have "
          + "no query and no fragment, not “\(issuer)”.")
    }
    guard label.count <= Self.labelLengthMax else {
      throw ConfigurationProblem(
        "\(place): label has at most \(Self.labelLengthMax) characters.")
    }
  }

  private static func roles(
    _ node: Node?, place: String
  ) throws(ConfigurationProblem) -> [GroupRole] {
    guard let mapping = node?.mapping, (1...rolesMax).contains(mapping.count) else {
      throw ConfigurationProblem(
        "\(place): roles must say “group: role” for 1 to \(rolesMax) groups.")
    }
    var roles: [GroupRole] = []
    for (key, value) in mapping {
      guard let group = key.scalar?.string, !group.isEmpty,
        let role = Role(rawValue: value.scalar?.string ?? "")
      else {
        let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
        throw ConfigurationProblem(
          "\(place): roles gives “\(key.scalar?.string ?? "?")” a role that there is not. Choose "
            + "one of: \(known).")
      }
      roles.append(GroupRole(group: group, role: role))
    }
    return roles
  }
}

/// An address that is called, or that a browser is sent to: TLS, unless this machine itself is
/// asked, and nothing in it that two readers could read differently.
struct OpenIDAddress: Sendable, Hashable {
  let text: String
  let isLoopback: Bool

  /// The longest, in bytes.
  static let bytesMax = 2_000

  /// - Parameter issuer: whose word the address is: only one on this machine may name others there
  ///   without TLS. Nil for the issuer itself.
  init?(_ typed: String, besides issuer: OpenIDAddress?) {
    let isPlain = typed.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
    guard isPlain, typed.utf8.count <= Self.bytesMax, let parts = URLComponents(string: typed),
      let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil,
      parts.fragment == nil
    else { return nil }
    isLoopback = parts.scheme == "http" && ["127.0.0.1", "[::1]", "localhost"].contains(host)
    guard parts.scheme == "https" || isLoopback, issuer?.isLoopback ?? true || !isLoopback else {
      return nil
    }
    text = typed
  }

  /// The address with more fields in its query.
  func asking(_ fields: [String: String]) -> String {
    text + (text.contains("?") ? "&" : "?") + query(fields)
  }
}
