import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What machines ask.
struct HealthTests {
  @Test func `a portal is alive, and ready as long as it can write`() async throws {
    let stage = try Stage()
    let machine = Browser(stage.portal)
    #expect(await machine.get("/readyz").text == "ready\n")
    try stage.fillDatabase()
    let full = await machine.get("/readyz")
    #expect(full.status == .serviceUnavailable)
    #expect(full.text == "not ready: the database can't be written\n")
    #expect(await machine.get("/healthz").text == "alive\n")
    try stage.growDatabase()
    try stage.portal.storage.writeNow { db in
      try AuditLog.append(.sessionEnded, by: .portal, at: stage.clock.now, in: db)
    }
    #expect(await machine.get("/readyz").status == .ok)
    try await stage.end()
  }

  @Test func `a sign of life needs no database, and no route`() async throws {
    let stage = try Stage()
    try stage.portal.storage.close()
    #expect(stage.portal.immediate(Request(method: .get, path: "/healthz"))?.status == .ok)
    #expect(stage.portal.immediate(Request(method: .post, path: "/healthz")) == nil)
    #expect(stage.portal.immediate(Request(method: .get, path: "/readyz")) == nil)
  }
}
