public import Foundation

/// Finds AWS credentials where AWS's own tools look, in their order: the environment, a profile of
/// the shared files, the role of the container, the role of the machine ("Standardized credential
/// providers", AWS SDKs and Tools Reference Guide). A profile that is asked for by name is the
/// only place looked at.
///
/// Copies share what was found. It is kept until five minutes before it expires.
public struct CredentialsChain: Sendable {
  private let cache: CredentialsCache

  /// A chain that has not looked yet.
  /// - Parameters:
  ///   - environment: The process's variables; `HOME` says where the shared files are.
  ///   - profile: A profile's name; nil for the usual order.
  ///   - role: The ARN of a role to assume with what is found; nil for none.
  public init(
    environment: [String: String], profile: String?, role: String?, transport: Transport,
    now: @escaping @Sendable () -> Date
  ) {
    let time = Time(now)
    let finder = CredentialsFinder(
      environment: environment, profile: profile, role: role, time: time
    ) { call throws(TransportProblem) in
      try await transport.send(call)
    }
    cache = CredentialsCache(time: time, find: finder.find)
  }
}

extension CredentialsChain: CredentialsSource {
  func credentials(
    region: String, endpoint: String?
  ) async throws(CredentialsProblem) -> Credentials {
    try await cache.credentials(region: region, endpoint: endpoint)
  }
}

/// Keeps credentials while they are good, and looks for new ones once at a time.
actor CredentialsCache {
  typealias Find = @Sendable (_ region: String, _ endpoint: String?) async -> Found
  typealias Found = Result<Credentials, CredentialsProblem>

  /// How long before they expire credentials are renewed.
  static let renewBeforeMs: Int64 = 5 * 60_000
  /// How long credentials without an end are kept: a file may be written anew.
  static let lookAgainAfterMs: Int64 = 5 * 60_000
  /// How long a search that found nothing is not made again: it may have waited a second for a
  /// metadata service that never answers, and a poll makes dozens of calls.
  static let searchAgainAfterMs: Int64 = 5_000

  private let time: Time
  private let find: Find
  private var kept: (credentials: Credentials, renewAtMs: Int64)?
  private var failed: (problem: CredentialsProblem, searchAtMs: Int64)?
  private var search: Task<Found, Never>?

  init(time: Time, find: @escaping Find) {
    self.time = time
    self.find = find
  }

  func credentials(
    region: String, endpoint: String?
  ) async throws(CredentialsProblem) -> Credentials {
    if let kept, time.nowMs() < kept.renewAtMs { return kept.credentials }
    if let failed, time.nowMs() < failed.searchAtMs { return try stillGood(or: failed.problem) }
    // A task of its own: a caller who gives up does not end the search of the others.
    let search = search ?? Task { [find] in await find(region, endpoint) }
    self.search = search
    let found = await search.value
    if self.search == search {
      self.search = nil
      keep(found)
    }
    switch found {
    case .success(let credentials): return credentials
    case .failure(let problem): return try stillGood(or: problem)
    }
  }

  private func keep(_ found: Found) {
    switch found {
    case .failure(let problem): failed = (problem, time.nowMs() + Self.searchAgainAfterMs)
    case .success(let credentials):
      let renewAtMs =
        credentials.expiresAtMs.map { $0 - Self.renewBeforeMs }
        ?? time.nowMs() + Self.lookAgainAfterMs
      kept = (credentials, renewAtMs)
      failed = nil
    }
  }

  /// The old ones, while they last.
  private func stillGood(or problem: CredentialsProblem) throws(CredentialsProblem) -> Credentials {
    guard let kept, !hasEnded(kept.credentials) else { throw problem }
    return kept.credentials
  }

  private func hasEnded(_ credentials: Credentials) -> Bool {
    credentials.expiresAtMs.map { $0 <= time.nowMs() } ?? true
  }
}
