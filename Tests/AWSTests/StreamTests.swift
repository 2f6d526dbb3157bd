import Foundation
import Testing

@testable import AWS

/// Bodies that are read from files while they are sent, and answers that go to one.
@Suite(.timeLimit(.minutes(2)))
struct StreamTests {
  private let transport = Transport()

  private func file(_ text: String) throws -> String {
    let path = NSTemporaryDirectory() + "caretaker-stream-\(UUID().uuidString)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func sink() throws -> (path: String, file: HTTPFile) {
    let path = try file("")
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    return (path, try HTTPFile(descriptor: handle.fileDescriptor))
  }

  private func problem(_ call: HTTPCall) async -> TransportProblem? {
    do {
      _ = try await transport.send(call)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["POST", "PUT"])
  func `bytes and ranges of files are sent one behind the other, with their length ahead`(
    method: String
  ) async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    let path = try file("0123456789" + String(repeating: "x", count: 300_000))
    let file = try HTTPFile(reading: path)
    let body = HTTPBody([
      .bytes(Array("begin,".utf8)), .file(file, 3..<6), .bytes([]), .file(file, 0..<0),
      .file(file, 10..<300_010), .bytes(Array(",end".utf8)),
    ])
    var call = HTTPCall(method: method, url: server.url, isRepeatable: false)
    call.streamed = body
    #expect(try await transport.send(call).status == 200)
    let request = try #require(server.received.first)
    #expect(request.method == method)
    #expect(request.headers["content-length"] == "\(body.byteCount)")
    #expect(request.headers["transfer-encoding"] == nil)
    #expect(request.headers["expect"] == nil)
    #expect(request.body == "begin,345" + String(repeating: "x", count: 300_000) + ",end")
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func `an empty body that is read while it is sent has the length 0`() async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    var call = HTTPCall(method: "POST", url: server.url)
    call.streamed = HTTPBody([])
    #expect(try await transport.send(call).status == 200)
    #expect(server.received.first?.headers["content-length"] == "0")
  }

  @Test func `a file that has become shorter breaks the call off, and it is no answer`()
    async throws
  {
    let server = try LoopbackServer { _ in .answer(200, "") }
    let path = try file("short")
    var call = HTTPCall(method: "POST", url: server.url, isRepeatable: false)
    call.streamed = HTTPBody([.file(try HTTPFile(reading: path), 0..<100)])
    let found = await problem(call)
    #expect(found?.wasSent == true)
    guard case .other(let words) = found?.kind else {
      Issue.record("it was sent: \(String(describing: found))")
      return
    }
    #expect(words.hasPrefix("a file could not be read or written"))
    #expect(server.received.isEmpty)
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func `a link, or nothing, is no file to send`() throws {
    let path = try file("a")
    try FileManager.default.createSymbolicLink(
      atPath: path + ".link", withDestinationPath: path)
    #expect(throws: HTTPFileProblem.self) { try HTTPFile(reading: path + ".link") }
    #expect(throws: HTTPFileProblem.self) { try HTTPFile(reading: path + ".none") }
    for each in [path, path + ".link"] { try FileManager.default.removeItem(atPath: each) }
  }

  @Test func `an answer goes to the file it is for, and an error to memory`() async throws {
    let server = try LoopbackServer { request in
      request.target == "/good" ? .answer(200, "content") : .answer(404, "not there")
    }
    let (path, file) = try sink()
    var call = HTTPCall(method: "GET", url: server.url + "/good")
    call.destination = file
    #expect(try await transport.send(call).body.isEmpty)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "content")
    call.url = server.url + "/bad"
    #expect(try await transport.send(call).body == Array("not there".utf8))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "content")
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func `an answer to a file is cut off at the limit`() async throws {
    let server = try LoopbackServer { _ in .answer(200, String(repeating: "x", count: 5_000)) }
    let (path, file) = try sink()
    var call = HTTPCall(method: "GET", url: server.url, answerBytesMax: 4_999)
    call.destination = file
    #expect(await problem(call)?.kind == .tooLarge)
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func `silence while a long body is sent ends when the time is up`() async throws {
    let server = try LoopbackServer { _ in .silence() }
    var call = HTTPCall(method: "POST", url: server.url, timeoutMs: 300, isRepeatable: false)
    call.streamed = HTTPBody([.bytes([UInt8](repeating: 120, count: 200_000))])
    #expect(await problem(call) == TransportProblem(.timedOut, wasSent: true))
  }
}
