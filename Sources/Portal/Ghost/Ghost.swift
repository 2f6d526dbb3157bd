import AWS
import Cryptography
import Foundation
import Rules

/// Ghost's Admin API (docs.ghost.org/admin-api), as an integration or as a person of the staff.
/// Follows no redirect: the token belongs to one host.
struct Ghost: Sendable {
  /// As whom a call is made. An integration may read settings and upload themes; only a staff
  /// token may list, download and delete themes and write settings.
  enum Caller: Sendable {
    case integration, staff
  }

  let site: Site
  let transport: Transport
  let integrationKey: SiteSecret
  let staffToken: SiteSecret
  let now: @Sendable () -> Moment

  /// The oldest version of the API whose answers are understood.
  static let acceptedVersion = "v5.0"
  /// How long one call may take.
  static let withinMs: Int64 = 15_000

  init(
    site: Site, transport: Transport, environment: [String: String],
    now: @escaping @Sendable () -> Moment
  ) {
    self.site = site
    self.transport = transport
    integrationKey = site.ghostKey(environment)
    staffToken = site.ghostStaffToken(environment)
    self.now = now
  }

  /// Whether there is something to call with.
  func has(_ caller: Caller) -> Bool {
    let secret = secret(of: caller)
    return secret.file != nil || secret.value != nil
  }

  private func secret(of caller: Caller) -> SiteSecret {
    switch caller {
    case .integration: integrationKey
    case .staff: staffToken
    }
  }

  /// Reads what stands at a path of the API, `/settings/`.
  func read<Answer: Decodable>(
    _ path: String, by caller: Caller = .integration, as type: Answer.Type
  ) async throws -> Answer {
    let answer = try await send("GET", path, by: caller)
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(type, from: Data(answer.body))
    } catch {
      throw GhostError(.unreadable("\(error)"), "GET \(path)")
    }
  }

  /// One call. A write is never made twice.
  /// - Parameter body: what is sent, and its media type.
  func send(
    _ method: String, _ path: String, by caller: Caller = .integration,
    body: (type: String, bytes: [UInt8])? = nil, withinMs: Int64 = Ghost.withinMs,
    bytesMax: Int = HTTPCall.answerBytesMaxDefault
  ) async throws -> HTTPAnswer {
    var call = try call(method, path, by: caller, withinMs: withinMs, bytesMax: bytesMax)
    if let body {
      call.headers.append(HTTPHeader("Content-Type", body.type))
      call.body = body.bytes
    }
    return try await send(call, "\(method) \(path)")
  }

  /// A call as it goes out, without a body.
  func call(
    _ method: String, _ path: String, by caller: Caller, withinMs: Int64,
    bytesMax: Int = HTTPCall.answerBytesMaxDefault
  ) throws -> HTTPCall {
    HTTPCall(
      method: method, url: address + path,
      headers: try headers(by: caller, for: "\(method) \(path)"), timeoutMs: withinMs,
      answerBytesMax: bytesMax, isRepeatable: method == "GET", authorities: site.caFile,
      connectTo: site.ghostEndpoint)
  }

  /// Sends a call and gives its answer, which is one of success.
  /// - Parameter name: the call as errors name it.
  func send(_ call: HTTPCall, _ name: String) async throws -> HTTPAnswer {
    let answer: HTTPAnswer
    do { answer = try await transport.send(call) } catch {
      throw GhostError(.transport(error), name)
    }
    guard (200..<300).contains(answer.status) else { throw GhostError(.of(answer), name) }
    return answer
  }

  /// The fields that say who calls.
  func headers(by caller: Caller, for name: String) throws -> [HTTPHeader] {
    let secret = secret(of: caller)
    let found: Secret?
    do { found = try secret.read() } catch {
      throw GhostError(.unreadableKey((error as? PlanProblem)?.sentence ?? "\(error)"), name)
    }
    guard let key = found else { throw GhostError(.noKey(secret), name) }
    guard let token = GhostToken.make(key: key, at: now()) else {
      throw GhostError(.badKey(secret), name)
    }
    return [
      HTTPHeader("Authorization", "Ghost \(token)"),
      HTTPHeader("Accept-Version", Self.acceptedVersion), HTTPHeader("User-Agent", "Caretaker"),
    ]
  }

  /// The API's address, without a slash at its end.
  var address: String {
    let blog = site.ghostURL.hasSuffix("/") ? String(site.ghostURL.dropLast()) : site.ghostURL
    return blog + "/ghost/api/admin"
  }
}
