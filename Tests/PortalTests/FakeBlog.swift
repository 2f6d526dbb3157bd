import Foundation

/// The blog as a process of its own, over TLS with an authority of its own. Ends with the tests.
struct FakeBlog: Sendable {
  /// `ADDRESS:PORT` where it answers.
  let endpoint: String
  /// The file with its authority.
  let authorities: String
  /// The files with the key of its integration and the token of its staff.
  let keyFile: String
  let staffTokenFile: String
  private let peer: PeerProcess

  /// The one blog, started when first asked for.
  static let shared = Result { try FakeBlog() }
  /// Another, which runs what the peer of images runs.
  static let ofImages = Result { try FakeBlog(in: CloudPeer.ofImages.get()) }
  /// Another, for tests of themes, which need not wait for the others.
  static let ofThemes = Result { try FakeBlog() }

  /// Another, for tests of members.
  static let ofMembers = Result { try FakeBlog() }

  /// Another, for tests of the clients.
  static let ofClients = Result { try FakeBlog() }

  /// - Parameter cloud: The peer whose service it runs in; nil to run by itself.
  init(in cloud: CloudPeer? = nil) throws {
    let folder = NSTemporaryDirectory() + "caretaker-blog-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    authorities = folder + "/ca.pem"
    keyFile = folder + "/ghost_key"
    staffTokenFile = folder + "/ghost_staff_token"
    peer = try PeerProcess(
      "ghost", ["--folder", folder] + (cloud.map { ["--cloud", $0.url] } ?? []))
    endpoint = String(peer.url.dropFirst("https://".count))
  }

  /// As at the start.
  func reset() throws { try control("reset", "{}") }

  /// What is wrong with it from now on.
  func change(_ json: String) throws { try control("state", json) }

  /// It starts anew, which takes so long.
  func restart(forMs ms: Int) throws { try control("restart", "{\"for_ms\": \(ms)}") }

  /// It looks in which tasks it runs, and starts anew with others.
  func look() throws { try control("look", "{}") }

  /// Another certificate, for so many days.
  func renew(days: Int) throws { try control("certificate", "{\"days\": \(days)}") }

  /// What is so from now on, by the control API's verb.
  func control(_ verb: String, _ json: String) throws {
    try peer.control("POST", "/_ghost/\(verb)", json)
  }

  /// A theme on the disk of the task that answers.
  struct Theme: Decodable {
    let name: String
    let version: String
    let active: Bool
  }

  func themes() throws -> [Theme] {
    try JSONDecoder().decode([Theme].self, from: peer.control("GET", "/_ghost/themes"))
  }

  /// A call as it has seen it.
  struct Call: Decodable {
    let method: String
    let path: String
    let status: Int?
  }

  func calls(_ method: String, _ path: String) throws -> [Call] {
    try JSONDecoder().decode([Call].self, from: peer.control("GET", "/_ghost/calls"))
      .filter { $0.method == method && $0.path.hasSuffix(path) }
  }
}
