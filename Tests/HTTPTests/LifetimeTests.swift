import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// Starting and stopping.
struct LifetimeTests {
  @Test func `a port that is in use is refused with a sentence`() async throws {
    let serving = try Serving()
    let second = Server(port: serving.port) { _ in Response() }
    #expect(throws: ListenProblem.portInUse(serving.port)) { try second.start() }
    #expect(
      ListenProblem.portInUse(80).description
        == "Port 80 is in use. Stop what listens there or choose another.")
    await serving.stop()
  }

  @Test func `a port can be opened again as soon as its server has stopped`() async throws {
    let first = try Serving()
    let client = try Client(port: first.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    _ = try await client.rest()
    client.close()
    await first.stop()
    let second = Server(port: first.port) { _ in Response() }
    #expect(try second.start() == first.port)
    await second.stop(graceMs: 30_000)
  }

  @Test func `what is no address or no port is refused`() {
    for address in ["localhost", "300.0.0.1", "", "192.0.2.1"] {
      let server = Server(address: address, port: 0) { _ in Response() }
      #expect(throws: ListenProblem.badAddress(address)) { try server.start() }
    }
    for port in [-1, 65_536] {
      let server = Server(port: port) { _ in Response() }
      #expect(throws: ListenProblem.badPort(port)) { try server.start() }
    }
  }

  @Test func `a server starts once`() async throws {
    let serving = try Serving()
    #expect(throws: ListenProblem.alreadyStarted) { try serving.server.start() }
    await serving.stop()
  }

  @Test func `stopping answers what is under way, closes the rest and takes nothing new`()
    async throws
  {
    let gate = Gate()
    let serving = try Serving { request in
      if request.path == "/slow" { await gate.wait() }
      return Response(body: Array(request.path.utf8))
    }
    let idle = try Client(port: serving.port)
    idle.send("GET /idle HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await idle.answer().text == "/idle")
    let busy = try Client(port: serving.port)
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
    try await eventually { gate.waitingCount == 1 }

    async let stopped: Void = serving.stop()
    #expect(try await idle.rest() == "")
    #expect(throws: Client.Broken.self) { try Client(port: serving.port) }
    gate.open()
    let answer = try await busy.answer()
    #expect(answer.text == "/slow")
    #expect(answer.fields["connection"] == "close")
    #expect(try await busy.rest() == "")
    busy.close()
    await stopped
  }

  @Test func `a request that has begun to arrive is still answered after a stop`() async throws {
    let serving = try Serving()
    let client = try Client(port: serving.port)
    client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHo")
    #expect(try await client.answer().text == "/a")
    let idle = try Client(port: serving.port)
    idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    _ = try await idle.answer()
    async let stopped: Void = serving.stop()
    #expect(try await idle.rest() == "")
    client.send("st: a\r\n\r\n")
    let answer = try await client.answer()
    #expect(answer.text == "/b")
    #expect(answer.fields["connection"] == "close")
    client.close()
    await stopped
  }

  @Test func `a handler that is stuck is cut off after the grace, and cancelled`() async throws {
    let isCancelled = Locked(false)
    let gate = Gate()
    let serving = try Serving { _ in
      await withTaskCancellationHandler {
        await gate.wait()
      } onCancel: {
        isCancelled.withLock { $0 = true }
      }
      return Response()
    }
    let client = try Client(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    try await eventually { gate.waitingCount == 1 }
    await serving.server.stop(graceMs: 50)
    #expect(await client.byteCountUntilEnd() == 0)
    #expect(isCancelled.withLock { $0 })
    // Its late answer goes nowhere.
    gate.open()
  }

  @Test func `stopping twice, or before the start, returns`() async throws {
    let serving = try Serving()
    async let first: Void = serving.stop()
    async let second: Void = serving.stop()
    _ = await (first, second)
    await serving.stop()
    await Server(port: 0) { _ in Response() }.stop(graceMs: 0)
  }
}
