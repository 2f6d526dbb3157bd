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

  /// Another, for tests of workflows and their runs, which need not wait for the others.
  static let ofWorkflows = Result { try FakeGitHub() }

  /// Another, for forms that are wrong.
  static let ofForms = Result { try FakeGitHub() }

  /// Another, for tests of the clients, which need not wait for the others.
  static let ofClients = Result { try FakeGitHub() }

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
    let query: String
    let body: String
    let version: String?
    let status: Int?
  }

  /// Moves its clock on: so far do runs go.
  func advance(seconds: Int) throws { try change("clock", "{\"advance_s\": \(seconds)}") }

  /// A run that ended a while ago.
  func seedRun(_ json: String) throws -> Int64 {
    struct Answer: Decodable { let run: Int64 }
    return try JSONDecoder().decode(
      Answer.self, from: peer.control("POST", "/_github/runs", json)
    ).run
  }

  /// Somebody pushes a commit.
  func push(_ message: String, _ files: [String: String]) throws {
    let json = try JSONEncoder().encode(files)
    try change(
      "commit",
      "{\"message\": \"\(message)\", \"files\": \(String(decoding: json, as: UTF8.self))}")
  }

  /// The calls that would begin something.
  func writes() throws -> [Call] { try calls().filter { $0.method == "POST" } }

  func calls() throws -> [Call] {
    try JSONDecoder().decode([Call].self, from: peer.control("GET", "/_github/calls"))
  }

  /// Downloads that came with a token they must not have.
  func leaks() throws -> Int {
    let found = try JSONSerialization.jsonObject(with: peer.control("GET", "/_github/leaks"))
    return (found as? [Any])?.count ?? -1
  }
}
