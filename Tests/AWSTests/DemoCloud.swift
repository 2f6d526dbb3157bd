import ChildProcess
import Cryptography
import Foundation

@testable import AWS

/// The project's demo cloud, `Tests/Cloud`, as a process of its own. Ends with the tests.
final class DemoCloud: Sendable {
  /// One for all tests: starting takes seconds. Nil when it did not start.
  static let shared = try? DemoCloud()

  static let credentials = Credentials(
    accessKeyID: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
  static let region = "us-west-2"

  let url: String
  let transport = Transport()
  /// Kept: it ends when its input closes.
  private let process: ChildProcess

  private struct NotReady: Error {}

  /// The one for all tests, with a fresh account. Tests that share it run one after the other.
  static func fresh() async throws -> DemoCloud {
    guard let shared else { throw NotReady() }
    try await shared.control("reset", "{}")
    return shared
  }

  private init() throws {
    process = try Self.python(["-m", "cloud", "serve", "--port", "0", "--until-stdin-closes"])
    url = try process.readyURL()
  }

  /// A Python program that finds the modules of `Tests/Cloud`.
  static func python(_ arguments: [String]) throws -> ChildProcess {
    let own = root + "/.venv/bin/python"
    let program = FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
    return try ChildProcess(
      [program] + arguments, environment: ["PYTHONPATH": root + "/Tests/Cloud"],
      complaints: .dropped)
  }

  /// The checkout: where `Tests` is.
  private static var root: String {
    if let given = ProcessInfo.processInfo.environment["CARETAKER_ROOT"] { return given }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
  }

  /// The demo cloud's time, to the second.
  func nowMs() async throws -> Int64 {
    let answer = try await transport.send(HTTPCall(method: "GET", url: url + "/_cloud/clock"))
    guard let nowMs = answer.header("Date").flatMap(Timestamp.ms(httpDate:)) else {
      throw NotReady()
    }
    return nowMs
  }

  /// A client on the demo cloud, by the clock its answers carry: signatures are checked for their
  /// time too.
  func client() async throws -> Client {
    let transport = transport
    let nowMs = try await nowMs()
    let time = Time(nowMs: { nowMs }, sleep: { _ in })
    return Client(
      region: Self.region, credentials: Self.credentials, endpoint: url, time: time,
      random: { 0 }
    ) { call throws(TransportProblem) in
      try await transport.send(call)
    }
  }

  /// What the control API answers to a request under `/_cloud/`.
  @discardableResult
  func control(_ verb: String, _ json: String? = nil) async throws -> JSONValue {
    let answer = try await transport.send(
      HTTPCall(
        method: json == nil ? "GET" : "POST", url: url + "/_cloud/" + verb,
        body: Array((json ?? "").utf8)))
    guard answer.status == 200 else { throw NotReady() }
    return try JSONValue.decode(answer.body)
  }

  /// The calls of an operation since the last reset.
  func calls(of operation: String) async throws -> [JSONValue] {
    try await control("calls").entries.filter { $0.members["operation"]?.text == operation }
  }
}

/// Whether a call fails because what it names is not there, with nothing done.
func isNotFound(_ body: () async throws -> Void) async -> Bool {
  do {
    try await body()
    return false
  } catch let error as AWSError {
    if case .notFound = error.reason { return error.effect == .none }
    return false
  } catch {
    return false
  }
}
