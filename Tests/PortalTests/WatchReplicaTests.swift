import AWS
import Foundation
import HTTP
import HTTPTypes
import Rules
import Synchronization
import Testing

@testable import Portal

/// The continuous copy, as the port of Litestream's metrics tells of it.
@Suite struct WatchReplicaTests {
  /// What Litestream 0.5.17 tells, as far as it matters here.
  private static func told(_ puts: Int) -> String {
    """
    # TYPE litestream_replica_operation_total counter
    litestream_replica_operation_total{operation="GET",replica_type="s3"} 99
    litestream_replica_operation_total{operation="PUT",replica_type="s3"} \(puts)
    litestream_sync_error_count{db="/var/lib/caretaker/caretaker.sqlite"} 0

    """
  }

  @Test func `the parts that were put are counted over all replicas`() {
    #expect(ReplicaMetrics.puts(in: Self.told(12)) == 12)
    #expect(ReplicaMetrics.puts(in: Self.told(12) + Self.told(3)) == 15)
    #expect(ReplicaMetrics.puts(in: "") == nil)
    #expect(ReplicaMetrics.puts(in: "litestream_txid 7\n") == nil)
  }

  @Test func `an IPv6 address has its brackets in the address of a page alone`() {
    #expect(ListenPlace("[::1]:9090") == ListenPlace("::1:9090"))
    #expect(ListenPlace("[::1]:9090")?.address == "::1")
    #expect(ListenPlace("::1:9090")?.authority == "[::1]:9090")
    #expect(ListenPlace("127.0.0.1:9090")?.authority == "127.0.0.1:9090")
  }

  @Test func `the page of backups and the checks say how the copy stands`() async throws {
    let puts = Mutex<Int?>(5)
    let litestream = Server(port: 0, loops: 1) { request in
      guard let count = puts.withLock({ $0 }), request.path == "/metrics" else {
        return Response(status: .notFound)
      }
      return Response(body: Array(Self.told(count).utf8))
    }
    let port = try litestream.start()
    let stage = try Stage(replica: ListenPlace("127.0.0.1:\(port)"))
    let replica = try #require(stage.portal.replica)
    func look() async {
      await replica.look(writes: stage.portal.storage.writes, at: stage.portal.outside.now)
    }
    func write() throws {
      try stage.portal.storage.writeNow { [now = stage.clock.now] db in
        try AuditLog.append(.logQuiet, by: .portal, at: now, in: db)
      }
    }
    func page() async throws -> String {
      await (try stage.browser(as: "administrator")).get("/backups").text
    }
    #expect(try await page().contains("Litestream was not asked yet."))
    await look()
    #expect(try await page().contains("has put nothing since Caretaker began to look"))
    puts.withLock { $0 = 6 }
    await look()
    #expect(try await page().contains("Everything that was written is in the copy."))
    try write()
    await look()
    stage.clock.advance(ms: Replica.patienceMs + 1)
    #expect(try await page().contains("Nothing has reached the copy for 3 minutes"))
    let metrics = try await stage.portal.metrics(load: stage.portal.load)
    #expect(metrics.contains("caretaker_replica_lag_seconds 180.001"))
    let checks = await stage.portal.checks.parts()
    #expect(
      checks[0].checks.contains { $0.what == "Continuous copy" && $0.standing == .unsafe })
    puts.withLock { $0 = nil }
    await look()
    #expect(try await page().contains("tells nothing of what it has put"))
    let unknown = try await stage.portal.metrics(load: stage.portal.load)
    #expect(!unknown.contains("caretaker_replica_lag"))
    await litestream.stop(graceMs: 100)
    await look()
    #expect(try await page().contains("Nobody answers at 127.0.0.1:\(port)."))
    try await stage.end()
  }

  @Test func `a command tells whether Litestream answers, and never that the copy is good`()
    async throws
  {
    let litestream = Server(port: 0, loops: 1) { _ in Response(body: Array(Self.told(5).utf8)) }
    let port = try litestream.start()
    let stage = try Stage(replica: ListenPlace("127.0.0.1:\(port)"))
    let (configuration, outside) = (stage.portal.configuration, stage.portal.outside)
    let there = await Replica.check(configuration, outside: outside)
    #expect(there.map(\.standing) == [.unknown] && there[0].state.hasPrefix("Litestream answers."))
    await litestream.stop(graceMs: 100)
    let gone = await Replica.check(configuration, outside: outside)
    #expect(gone.map(\.standing) == [.unknown] && gone[0].state.contains("Nobody answers"))
    try await stage.end()
  }
}
