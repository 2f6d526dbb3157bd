import Foundation

/// A Python peer as a process of its own: starts on a free port, ends with the tests.
///
/// `@unchecked Sendable`: the process and its pipe are set at the start and never change.
final class PeerProcess: @unchecked Sendable {
  /// Where it answers.
  let url: String
  private let process: Process
  private let input: Pipe

  /// - Parameters:
  ///   - module: the Python module below `Tests/Cloud`.
  ///   - options: what follows `serve --port 0`.
  init(_ module: String, _ options: [String] = []) throws {
    process = Process()
    input = Pipe()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Stage.root + "/.venv/bin/python")
    process.arguments =
      ["-m", module, "serve", "--port", "0"] + options + ["--until-stdin-closes"]
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
    guard line.hasPrefix("ready ") else { throw CocoaError(.fileReadUnknown) }
    url = line.dropFirst("ready ".count).trimmingCharacters(in: .newlines)
  }

  /// Calls the peer's control API and gives its answer, by a process of its own: no code of ours is
  /// between test and peer.
  @discardableResult
  func control(_ method: String, _ path: String, _ body: String = "{}") throws -> Data {
    let client = Process()
    let output = Pipe()
    let script = """
      import ssl, sys, urllib.request as u
      data = None if sys.argv[1] == "GET" else sys.argv[3].encode()
      r = u.Request(sys.argv[2], method=sys.argv[1], data=data)
      answer = u.urlopen(r, timeout=60, context=ssl._create_unverified_context()).read()
      sys.stdout.buffer.write(answer)
      """
    client.executableURL = URL(fileURLWithPath: Stage.root + "/.venv/bin/python")
    client.arguments = ["-c", script, method, url + path, body]
    client.standardOutput = output
    try client.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    client.waitUntilExit()
    guard client.terminationStatus == 0 else { throw CocoaError(.fileReadUnknown) }
    return answer
  }
}
