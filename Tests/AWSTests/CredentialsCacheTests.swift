import Cryptography
import Testing

@testable import AWS

struct CredentialsCacheTests {
  /// Counts searches, and finds what it is told.
  private final class Source: Sendable {
    private let state = Locked((count: 0, found: CredentialsCache.Found.failure(Source.none)))
    static let none = CredentialsProblem(sentence: "none")

    var count: Int { state.withLock(\.count) }

    func set(_ found: CredentialsCache.Found) { state.withLock { $0.found = found } }

    func find() -> CredentialsCache.Found {
      state.withLock {
        $0.count += 1
        return $0.found
      }
    }
  }

  private let clock = Script([.text(200, "")])
  private let source = Source()

  private func cache() -> CredentialsCache {
    CredentialsCache(time: clock.time) { [source] _, _ in source.find() }
  }

  private func credentials(_ id: String, expiresInMs: Int64?) -> Credentials {
    Credentials(
      accessKeyID: id, secretAccessKey: Secret("s"),
      expiresAtMs: expiresInMs.map { clock.nowMs + $0 })
  }

  private func id(_ cache: CredentialsCache) async throws -> String {
    try await cache.credentials(region: "r", endpoint: nil).accessKeyID
  }

  @Test func `credentials are kept until five minutes before they expire`() async throws {
    let cache = cache()
    source.set(.success(credentials("A", expiresInMs: 3_600_000)))
    #expect(try await id(cache) == "A")
    clock.nowMs += 3_300_000 - 1
    #expect(try await id(cache) == "A")
    #expect(source.count == 1)
    clock.nowMs += 1
    source.set(.success(credentials("B", expiresInMs: 3_600_000)))
    #expect(try await id(cache) == "B")
    #expect(source.count == 2)
  }

  @Test func `old credentials serve while they last when new ones cannot be had`() async throws {
    let cache = cache()
    source.set(.success(credentials("A", expiresInMs: 3_600_000)))
    _ = try await id(cache)
    source.set(.failure(Source.none))
    clock.nowMs += 3_599_999
    #expect(try await id(cache) == "A")
    clock.nowMs += 1
    await #expect(throws: CredentialsProblem.self) { try await id(cache) }
  }

  @Test func `credentials without an end are looked for again after a while`() async throws {
    let cache = cache()
    source.set(.success(credentials("A", expiresInMs: nil)))
    _ = try await id(cache)
    clock.nowMs += CredentialsCache.lookAgainAfterMs
    source.set(.success(credentials("B", expiresInMs: nil)))
    #expect(try await id(cache) == "B")
  }

  @Test func `a search that found nothing is made again a few seconds later, and not before`()
    async throws
  {
    let cache = cache()
    for _ in 0..<3 {
      await #expect(throws: CredentialsProblem.self) { try await id(cache) }
    }
    #expect(source.count == 1)
    source.set(.success(credentials("A", expiresInMs: nil)))
    clock.nowMs += CredentialsCache.searchAgainAfterMs
    #expect(try await id(cache) == "A")
    #expect(source.count == 2)
  }

  @Test func `many who ask at once make one search`() async throws {
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let found = credentials("A", expiresInMs: 3_600_000)
    let count = Locked(0)
    let cache = CredentialsCache(time: clock.time) { _, _ in
      count.withLock { $0 += 1 }
      for await _ in gate { break }
      return .success(found)
    }
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<20 { group.addTask { try await id(cache) } }
      open.finish()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(ids == Array(repeating: "A", count: 20))
    #expect(count.withLock { $0 } == 1)
  }
}
