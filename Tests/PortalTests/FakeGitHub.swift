import Foundation

/// GitHub as a process of its own, with the demo's repository and its three workflows. Tests that
/// share it take turns.
struct FakeGitHub: Sendable {
  let peer: PeerProcess
  /// The file with its token.
  let tokenFile: String

  /// The one GitHub, started when first asked for. Its clock stands still unless told.
  static let shared = Result { try FakeGitHub() }
  /// Another, for tests of themes, which need not wait for the others.
  static let ofThemes = Result { try FakeGitHub() }

  init(cloud: String? = nil) throws {
    let folder = NSTemporaryDirectory() + "caretaker-github-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    tokenFile = folder + "/github_token"
    let cloudOptions = cloud.map { ["--cloud", $0] } ?? []
    peer = try PeerProcess("github", ["--scale", "0", "--folder", folder] + cloudOptions)
  }

  /// As at the start.
  func reset() throws { try peer.control("POST", "/_github/reset") }

  /// What is so from now on, by the control API's verb.
  func change(_ verb: String, _ json: String) throws {
    try peer.control("POST", "/_github/\(verb)", json)
  }

  /// A call as it has seen it.
  struct Call: Decodable {
    let method: String
    let path: String
    let status: Int?
  }

  func calls() throws -> [Call] {
    try JSONDecoder().decode([Call].self, from: peer.control("GET", "/_github/calls"))
  }

  /// Downloads that came with a token they must not have.
  func leaks() throws -> Int {
    let found = try JSONSerialization.jsonObject(with: peer.control("GET", "/_github/leaks"))
    return (found as? [Any])?.count ?? -1
  }
}
