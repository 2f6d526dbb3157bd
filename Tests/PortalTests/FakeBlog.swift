import Foundation

/// The blog as a process of its own, over TLS with an authority of its own. Ends with the tests.
///
/// `@unchecked Sendable`: the process and its pipe are set at the start and never change.
final class FakeBlog: @unchecked Sendable {
  /// `ADDRESS:PORT` where it answers.
  let endpoint: String
  /// The file with its authority.
  let authorities: String
  private let process: Process
  private let input: Pipe

  /// The one blog, started when first asked for.
  static let shared = Result { try FakeBlog() }

  private init() throws {
    let folder = NSTemporaryDirectory() + "caretaker-blog-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    authorities = folder + "/ca.pem"
    process = Process()
    input = Pipe()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Stage.root + "/.venv/bin/python")
    process.arguments = [
      "-m", "ghost", "serve", "--port", "0", "--folder", folder, "--until-stdin-closes",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONPATH": Stage.root + "/Tests/Cloud"]
    ) { $1 }
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = ""
    while !line.contains("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { throw CocoaError(.fileReadUnknown) }
      line += String(decoding: data, as: UTF8.self)
    }
    guard line.hasPrefix("ready https://") else { throw CocoaError(.fileReadUnknown) }
    endpoint = line.dropFirst("ready https://".count).trimmingCharacters(in: .newlines)
  }

  /// As at the start.
  func reset() throws { try control("reset", "{}") }

  /// What is wrong with it from now on.
  func change(_ json: String) throws { try control("state", json) }

  /// Another certificate, for so many days.
  func renew(days: Int) throws { try control("certificate", "{\"days\": \(days)}") }

  private func control(_ verb: String, _ body: String) throws {
    let client = Process()
    let script = """
      import ssl, sys, urllib.request as u
      r = u.Request(sys.argv[1], method="POST", data=sys.argv[2].encode())
      u.urlopen(r, timeout=60, context=ssl._create_unverified_context()).read()
      """
    client.executableURL = URL(fileURLWithPath: Stage.root + "/.venv/bin/python")
    client.arguments = ["-c", script, "https://\(endpoint)/_ghost/\(verb)", body]
    try client.run()
    client.waitUntilExit()
    guard client.terminationStatus == 0 else { throw CocoaError(.fileReadUnknown) }
  }
}
