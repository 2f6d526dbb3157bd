import HTTPTypes

@testable import HTTP

/// What a parser makes of the bytes of a connection.
struct Wire {
  private(set) var requests: [Request] = []
  private(set) var keepsAlive: [Bool] = []
  /// How often the client was told to go ahead with a body.
  private(set) var goAheads = 0
  /// The parts of bodies that go to a file.
  private(set) var blocks: [[UInt8]] = []
  private(set) var problem: RequestProblem?

  /// - Parameter size: how many bytes arrive at a time.
  init(_ text: String, size: Int = .max, limits: Limits = Limits()) {
    self.init(Array(text.utf8), size: size, limits: limits)
  }

  init(
    _ bytes: [UInt8], size: Int = .max, limits: Limits = Limits(), uploads: Uploads? = nil
  ) {
    var parser = RequestParser(limits: limits, uploads: uploads, peerAddress: "192.0.2.1")
    var rest = bytes[...]
    do {
      while !rest.isEmpty {
        let part = rest.prefix(size)
        rest = rest.dropFirst(part.count)
        part.withUnsafeBufferPointer { parser.append($0) }
        try read(&parser)
      }
    } catch {
      problem = error as? RequestProblem
    }
  }

  private mutating func read(_ parser: inout RequestParser) throws {
    while true {
      switch try parser.next() {
      case .incomplete: return
      case .awaitsBody: goAheads += 1
      case .asksAdmission(_, let expectsContinue): goAheads += expectsContinue ? 1 : 0
      case .block(let block): blocks.append(block)
      case .complete(let request, let keepsAlive):
        requests.append(request)
        self.keepsAlive.append(keepsAlive)
      }
    }
  }

  /// A summary that is equal when everything that matters is.
  var summary: String {
    let lines = zip(requests, keepsAlive).map { request, keepsAlive in
      "\(request.method) \(request.target) \(request.path) \(request.query ?? "-") "
        + "\(request.headers.map(\.description)) \(request.body) \(keepsAlive)"
    }
    return lines.joined(separator: "\n") + "\n\(goAheads) \(problem.map { "\($0)" } ?? "-")"
  }
}
