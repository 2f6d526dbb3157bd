import Dispatch
import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing
import WireClient

@testable import Portal

/// What is told of the portal's own work, and to whom.
@Suite struct MetricsTests {
  private static let token = "0123456789abcdef0123456789abcdef"

  private func place(in folder: String, token: String = token) throws -> MetricsPlace {
    let file = folder + "-metrics-token"
    try Data((token + "\n").utf8).write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    return MetricsPlace(address: "127.0.0.1", port: 0, tokenFile: file)
  }

  @Test func `metrics are told to who shows the token, at a port of their own`() async throws {
    let file = try place(in: NSTemporaryDirectory() + UUID().uuidString)
    let stage = try Stage(metrics: file)
    let listener = try #require(
      try MetricsListener(stage.portal) {
        Server.Load(connections: 3, loopsLateMs: [])
      })
    let port = try listener.start()
    func ask(_ line: String, _ token: String?) async throws -> String {
      let client = try Client(port: port)
      let proof = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
      client.send("\(line) HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\(proof)\r\n")
      return try await client.rest()
    }
    for wrong in [nil, "", "other", Self.token + "0"] {
      let answer = try await ask("GET /metrics", wrong)
      #expect(answer.hasPrefix("HTTP/1.1 401") && !answer.contains("caretaker_"))
    }
    let answer = try await ask("GET /metrics", Self.token)
    #expect(answer.hasPrefix("HTTP/1.1 200"))
    #expect(answer.contains("text/plain; version=0.0.4"))
    #expect(answer.contains("\ncaretaker_http_connections 3\n"))
    #expect(try await ask("GET /", Self.token).hasPrefix("HTTP/1.1 404"))
    #expect(try await ask("POST /metrics", Self.token).hasPrefix("HTTP/1.1 405"))
    await listener.stop()
    try await stage.end()
    try FileManager.default.removeItem(atPath: file.tokenFile)
  }

  @Test func `a token that is short or open to others ends the start with a sentence`() throws {
    let short = try place(in: NSTemporaryDirectory() + UUID().uuidString, token: "short")
    let stage = try Stage(metrics: short)
    #expect(throws: StorageProblem.self) { try MetricsListener(stage.portal) { .none } }
    try FileManager.default.removeItem(atPath: short.tokenFile)
  }

  @Test func `what happens moves the numbers, and every line is in the format`() async throws {
    let stage = try Stage()
    _ = try await Proposals.propose(on: stage)
    let browser = try await stage.browser(as: "operator")
    _ = await browser.get("/changes/1")
    _ = await browser.get("/changes/99")
    _ = await browser.get("/no/such/page")
    let text = try await stage.portal.metrics(load: stage.portal.load)
    let values = try Self.values(text)
    #expect(
      values[#"caretaker_http_requests_total{route="GET /changes/:number",status="2xx"}"#] == 1)
    #expect(
      values[#"caretaker_http_requests_total{route="GET /changes/:number",status="4xx"}"#] == 1)
    #expect(values[#"caretaker_http_requests_total{route="none",status="4xx"}"#] == 1)
    #expect(values[#"caretaker_changes{state="pending"}"#] == 1)
    #expect(values["caretaker_audit_entries"] == Double(try stage.auditTypes().count))
    #expect((values["process_resident_memory_bytes"] ?? 0) > 0)
    // Times count every request once, and no bucket is smaller than the one before.
    let buckets = text.split(separator: "\n").filter { $0.contains("_bucket{") }
      .compactMap { Int($0.split(separator: " ")[1]) }
    #expect(buckets == buckets.sorted())
    #expect(
      values["caretaker_http_request_duration_seconds_count"] == buckets.last.map(Double.init))
    let requests = values.filter { $0.key.hasPrefix("caretaker_http_requests_total") }
    #expect(requests.values.reduce(0, +) == buckets.last.map(Double.init))
    try await stage.end()
  }

  @Test func `what the server refuses itself is counted, and logged with where it came from`()
    async throws
  {
    let log = CapturedLog()
    let stage = try Stage(log: log.logger)
    let listener = try Listener(stage.portal)
    let port = try listener.start()
    let client = try Client(port: port)
    client.send("GET / HTTP/1.1\r\n\r\n")
    #expect(try await client.answer().status == 400)
    client.close()
    let values = try Self.values(try await stage.portal.metrics(load: stage.portal.load))
    #expect(values[#"caretaker_http_refused_total{status="400"}"#] == 1)
    let line = log.text.split(separator: "\n").first { $0.contains("refused 400") }
    #expect(line?.contains("127.0.0.1") == true)
    try await listener.stop()
  }

  @Test func `that nobody can be let in is an error of the log that says where to read on`()
    async throws
  {
    let log = CapturedLog()
    let stage = try Stage(log: log.logger)
    stage.portal.noteHindrance("Too many open files")
    let title = try #require(log.text.firstMatch(of: /“(?<title>[^”]+)”/)?.output.title)
    let manual = try String(contentsOfFile: "docs/operations.md", encoding: .utf8)
    #expect(manual.contains("### \(title)\n"))
    try await stage.end()
  }

  @Test func `jobs that wait for a thread are counted until one takes them`() async throws {
    let pool = BlockingPool(name: "test", width: 1)
    let isHeld = DispatchSemaphore(value: 0)
    let jobs = (0..<4).map { _ in Task { try await pool.run { isHeld.wait() } } }
    while pool.waitingCount < 3 { await Task.yield() }
    for _ in jobs { isHeld.signal() }
    for job in jobs { try await job.value }
    #expect(pool.waitingCount == 0)
    pool.close()
  }

  @Test func `a label keeps its quotes, slashes and lines to itself`() {
    var text = Exposition()
    text.add("m", .gauge, "A metric.", [(["site": "a\"b\\c\nd"], 1.5)])
    #expect(text.text == "# HELP m A metric.\n# TYPE m gauge\nm{site=\"a\\\"b\\\\c\\nd\"} 1.5\n")
  }

  @Test func `operations names every metric there is, and no other`() async throws {
    let stage = try Stage(isAnchored: true, stream: EntryStreamTests.place)
    let load = Server.Load(connections: 0, loopsLateMs: [0])
    let text = try await stage.portal.metrics(load: load)
    let document = try String(
      contentsOfFile: Stage.root + "/docs/operations.md", encoding: .utf8)
    let named = Set(
      document.matches(of: /`((?:caretaker|process)_[a-z_]+)`/).map { String($0.output.1) })
    let told = Set(
      text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        .map { String($0.split(separator: " ")[2]) })
    // Those that only time, or a second machine, brings about.
    let later: Set = [
      "caretaker_aws_calls_total", "caretaker_poll_age_seconds", "caretaker_backup_age_seconds",
      "caretaker_replica_lag_seconds", "caretaker_changes", "caretaker_http_requests_total",
      "caretaker_http_refused_total", "caretaker_lease_held", "caretaker_lease_age_seconds",
    ]
    #expect(named.subtracting(later) == told.subtracting(later))
    #expect(later.isSubset(of: named))
    try await stage.end()
  }

  /// Every value by its name and labels; lines that the format does not know are an error.
  private static func values(_ text: String) throws -> [String: Double] {
    var values: [String: Double] = [:]
    var types: Set<String> = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# TYPE ") {
        #expect(types.insert(String(line.split(separator: " ")[2])).inserted, "\(line)")
      } else if !line.hasPrefix("# HELP ") {
        let parts = try #require(
          line.wholeMatch(of: /([a-z_]+(?:\{(?:[a-z]+="[^"\n]*",?)+\})?) ([0-9.e+-]+)/), "\(line)")
        values[String(parts.output.1)] = Double(parts.output.2)
      }
    }
    return values
  }
}
