import AWS
import Cryptography
import Foundation
import Rules

/// GitHub's REST API for one repository (docs.github.com/rest): reads with ETags, writes once and
/// at least a second apart, and leaves GitHub alone for as long as it asks to be.
struct GitHub: Sendable {
  /// The repository, `owner/name`.
  let repository: String
  let endpoint: String
  let token: SiteSecret
  let transport: Transport
  let now: @Sendable () -> Moment
  private let sleep: @Sendable (_ ms: Int64) async throws -> Void
  /// What answers have told, shared by every copy.
  let memory = GitHubMemory()

  static let usualEndpoint = "https://api.github.com"
  /// The versions of the API that Caretaker speaks, best first; the second is for Enterprise
  /// Server.
  static let versions = ["2026-03-10", "2022-11-28"]
  /// How long one call may take.
  private(set) var withinMs: Int64 = 15_000
  /// How long a download may take.
  private(set) var downloadWithinMs: Int64 = 60_000

  init(
    site: Site, transport: Transport, environment: [String: String],
    now: @escaping @Sendable () -> Moment,
    sleep: @escaping @Sendable (_ ms: Int64) async throws -> Void
  ) {
    repository = site.repository
    endpoint = site.githubEndpoint ?? Self.usualEndpoint
    token = site.githubToken(environment)
    self.transport = transport
    self.now = now
    self.sleep = sleep
  }

  /// Whether there is a token at all.
  var isConfigured: Bool { token.file != nil || token.value != nil }

  /// What the last answers told of limits and the token.
  var standing: GitHubStanding { memory.standing }

  /// The same, for a page that somebody waits for: each call may take so long.
  func within(ms: Int64) -> GitHub {
    var other = self
    other.withinMs = ms
    other.downloadWithinMs = ms
    return other
  }

  /// Reads what stands at a path below the repository, `/actions/runs`.
  /// - Parameter freshForMs: an answer that was had so short a while ago is taken for the present
  ///   one, so that many who look at once cost one call.
  func read<Answer: Decodable>(
    _ path: String, _ query: [(name: String, value: String)] = [], as type: Answer.Type,
    freshForMs: Int64 = 0
  ) async throws -> Answer {
    let answer = try await send("GET", path + Self.encoded(query), freshForMs: freshForMs)
    // A repository that was renamed is told by a redirect. It is not followed with the token.
    guard answer.status < 300 else { throw GitHubError(.moved, "GET \(path)") }
    do {
      return try Self.decoder.decode(type, from: Data(answer.body))
    } catch {
      throw GitHubError(.unreadable("\(error)"), "GET \(path)")
    }
  }

  /// Makes a call that changes something. It is never made twice.
  /// - Parameter body: the body in the form that a version of the API has it.
  /// - Returns: the body of GitHub's answer; empty where it has none.
  func write<Body: Encodable>(
    _ method: String, _ path: String, _ body: (_ version: String) -> Body
  ) async throws -> [UInt8] {
    try await send(method, path, body: { Array(try JSONEncoder().encode(body($0))) }).body
  }

  /// Reads a file behind a redirect: logs, artifacts, archives. The token stays with GitHub's own
  /// address; the one it sends on to is valid by itself, for a minute or five.
  /// - Parameter file: where it goes in place of memory; nothing is returned then.
  func download(
    _ path: String, bytesMax: Int, to file: HTTPFile? = nil
  ) async throws -> [UInt8] {
    let name = "GET \(path)"
    let answer = try await send("GET", path, bytesMax: bytesMax)
    guard (300..<400).contains(answer.status) else { return answer.body }
    guard let place = answer.header("Location"), place.hasPrefix("https://") || isOnLoopback(place)
    else { throw GitHubError(.unreadable("its link leads nowhere"), name) }
    var call = HTTPCall(
      method: "GET", url: place, headers: [HTTPHeader("User-Agent", "Caretaker")],
      timeoutMs: downloadWithinMs, answerBytesMax: bytesMax)
    call.destination = file
    let answered: HTTPAnswer
    do { answered = try await transport.send(call) } catch {
      throw GitHubError(.transport(error), name)
    }
    guard answered.status == 200 else { throw GitHubError(.of(answered), name) }
    return answered.body
  }

  /// One call, as the limits allow.
  func send(
    _ method: String, _ path: String, body: (_ version: String) throws -> [UInt8] = { _ in [] },
    bytesMax: Int = HTTPCall.answerBytesMaxDefault, freshForMs: Int64 = 0
  ) async throws -> HTTPAnswer {
    let name = "\(method) \(path.prefix { $0 != "?" })"
    let secret = try secret(for: name)
    let isRead = method == "GET"
    let url = "\(endpoint)/repos/\(repository)\(path)"
    if isRead, let kept = memory.kept(url) {
      let freshMs = max(freshForMs, kept.pollMs)
      if freshMs > 0, now().since(kept.at) < freshMs { return kept.answer }
    }
    if let ms = memory.rest(at: now()) {
      guard !isRead, ms <= GitHubMemory.betweenWritesMs else {
        throw GitHubError(.leftAlone(ms: ms), name)
      }
      try await sleep(ms)
    }
    if !isRead { try await sleep(memory.turn(at: now())) }
    while true {
      let version = memory.version
      var call = HTTPCall(
        method: method, url: url, headers: headers(secret, version), body: try body(version),
        timeoutMs: withinMs,
        answerBytesMax: bytesMax, isRepeatable: isRead)
      if !call.body.isEmpty { call.headers.append(HTTPHeader("Content-Type", "application/json")) }
      let kept = isRead ? memory.kept(url) : nil
      if let kept { call.headers.append(HTTPHeader("If-None-Match", kept.tag)) }
      let answer: HTTPAnswer
      do { answer = try await transport.send(call) } catch {
        throw GitHubError(.transport(error), name)
      }
      memory.note(answer, to: name, at: now())
      if answer.status == 304, let kept {
        memory.keep(kept.answer, of: url, at: now())
        return kept.answer
      }
      if answer.status == 400, memory.speaksOlder(than: version, after: answer) { continue }
      guard (200..<400).contains(answer.status) else { throw GitHubError(.of(answer), name) }
      if isRead, answer.status == 200 { memory.keep(answer, of: url, at: now()) }
      return answer
    }
  }

  /// The token. What is wrong with its file is an error before anything is sent.
  private func secret(for call: String) throws(GitHubError) -> Secret {
    let found: Secret?
    do { found = try token.read() } catch {
      throw GitHubError(.badToken((error as? PlanProblem)?.sentence ?? "\(error)"), call)
    }
    guard let found else { throw GitHubError(.noToken, call) }
    return found
  }

  private func headers(_ secret: Secret, _ version: String) -> [HTTPHeader] {
    [
      HTTPHeader("Accept", "application/vnd.github+json"),
      HTTPHeader("Authorization", "Bearer " + String(decoding: secret.bytes, as: UTF8.self)),
      HTTPHeader("User-Agent", "Caretaker"), HTTPHeader("X-GitHub-Api-Version", version),
    ]
  }

  /// Only a GitHub on this machine itself, for the demo and tests, gives links without TLS.
  private func isOnLoopback(_ place: String) -> Bool {
    endpoint.hasPrefix("http://127.0.0.1:") && place.hasPrefix("http://127.0.0.1:")
  }

  private static func encoded(_ query: [(name: String, value: String)]) -> String {
    guard !query.isEmpty else { return "" }
    return "?" + query.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&")
  }

  /// GitHub's own spelling of members and times.
  static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .iso8601
    return decoder
  }()
}
