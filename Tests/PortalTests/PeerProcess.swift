import ChildProcess
import Foundation

/// A Python peer as a process of its own: starts on a free port, ends with the tests.
final class PeerProcess: Sendable {
  /// Where it answers.
  let url: String
  private let process: ChildProcess
  private let caller: CallerProcess

  /// - Parameters:
  ///   - module: the Python module below `Tests/Cloud`.
  ///   - options: what follows `serve --port 0`.
  init(_ module: String, _ options: [String] = []) throws {
    caller = try CallerProcess()
    process = try ChildProcess(
      [Stage.python, "-m", module, "serve", "--port", "0"] + options
        + ["--until-stdin-closes"],
      environment: ["PYTHONPATH": Stage.root + "/Tests/Cloud"], complaints: .dropped)
    url = try process.readyURL()
  }

  /// Calls the peer's control API and gives its answer, through another process: no code of ours is
  /// between test and peer.
  @discardableResult
  func control(_ method: String, _ path: String, _ body: String = "{}") throws -> Data {
    try caller.call(method, url + path, body)
  }
}

/// A process that makes calls one after the other, so that not each of them has to start one.
private final class CallerProcess: Sendable {
  private let process: ChildProcess
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
    process = try ChildProcess([Stage.python, "-c", Self.script])
  }

  func call(_ method: String, _ url: String, _ body: String) throws -> Data {
    try lock.withLock {
      let line = try JSONEncoder().encode([method, url, body]) + Data("\n".utf8)
      try process.input.write(contentsOf: line)
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
    guard let data = try process.output.read(upToCount: countMax), !data.isEmpty
    else { throw CocoaError(.fileReadUnknown) }
    return data
  }
}
