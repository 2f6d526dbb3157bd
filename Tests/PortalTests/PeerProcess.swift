import Foundation

/// A Python peer as a process of its own: starts on a free port, ends with the tests.
///
/// `@unchecked Sendable`: the process and its pipe are set at the start and never change.
final class PeerProcess: @unchecked Sendable {
  /// Where it answers.
  let url: String
  private let process: Process
  private let input: Pipe
  private let caller: CallerProcess

  /// - Parameters:
  ///   - module: the Python module below `Tests/Cloud`.
  ///   - options: what follows `serve --port 0`.
  init(_ module: String, _ options: [String] = []) throws {
    process = Process()
    input = Pipe()
    caller = try CallerProcess()
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

  /// Calls the peer's control API and gives its answer, through another process: no code of ours is
  /// between test and peer.
  @discardableResult
  func control(_ method: String, _ path: String, _ body: String = "{}") throws -> Data {
    try caller.call(method, url + path, body)
  }
}

/// A process that makes calls one after the other, so that not each of them has to start one.
///
/// `@unchecked Sendable`: `lock` guards the pipes; the process never changes.
private final class CallerProcess: @unchecked Sendable {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let lock = NSLock()

  /// Answers each line, `[method, url, body]`, with a line of whether it went well and how many
  /// bytes follow.
  private static let script = """
    import json, ssl, sys, urllib.request as u
    context = ssl._create_unverified_context()
    for line in sys.stdin:
        method, url, body = json.loads(line)
        data = None if method == "GET" else body.encode()
        try:
            request = u.Request(url, method=method, data=data)
            ok, answer = 1, u.urlopen(request, timeout=60, context=context).read()
        except OSError as problem:
            ok, answer = 0, str(problem).encode()
        sys.stdout.buffer.write(b"%d %d\\n" % (ok, len(answer)) + answer)
        sys.stdout.buffer.flush()
    """

  init() throws {
    process.executableURL = URL(fileURLWithPath: Stage.root + "/.venv/bin/python")
    process.arguments = ["-c", Self.script]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  func call(_ method: String, _ url: String, _ body: String) throws -> Data {
    try lock.withLock {
      let line = try JSONEncoder().encode([method, url, body]) + Data("\n".utf8)
      try input.fileHandleForWriting.write(contentsOf: line)
      var head = Data()
      while head.last != UInt8(ascii: "\n") { head += try read(1) }
      let words = String(decoding: head.dropLast(), as: UTF8.self).split(separator: " ")
      guard words.count == 2, let count = Int(words[1]) else { throw CocoaError(.fileReadUnknown) }
      var answer = Data()
      while answer.count < count { answer += try read(count - answer.count) }
      guard words[0] == "1" else { throw CocoaError(.fileReadUnknown) }
      return answer
    }
  }

  private func read(_ countMax: Int) throws -> Data {
    guard let data = try output.fileHandleForReading.read(upToCount: countMax), !data.isEmpty
    else { throw CocoaError(.fileReadUnknown) }
    return data
  }
}
