import Glibc
import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// Clients that are slow, rude or many.
struct FaultTests {
  @Test func `a head that does not end is answered 408`() async throws {
    var limits = Limits.patient
    limits.headerTimeoutMs = 50
    let serving = try Serving(limits: limits)
    let client = try Client(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost:")
    let answer = try await client.answer()
    #expect(answer.status == 408)
    #expect(answer.fields["x-content-type-options"] == "nosniff")
    #expect(try await client.rest() == "")
    client.close()
    await serving.stop()
  }

  @Test func `a body that does not end is answered 408`() async throws {
    var limits = Limits.patient
    limits.bodyTimeoutMs = 50
    let serving = try Serving(limits: limits)
    let client = try Client(port: serving.port)
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
    #expect(try await client.answer().status == 408)
    client.close()
    await serving.stop()
  }

  @Test func `a connection that says nothing is closed without a word`() async throws {
    var limits = Limits.patient
    limits.headerTimeoutMs = 50
    limits.keepAliveTimeoutMs = 50
    let serving = try Serving(limits: limits)
    let silent = try Client(port: serving.port)
    #expect(try await silent.rest() == "")
    let idle = try Client(port: serving.port)
    idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    _ = try await idle.answer()
    #expect(try await idle.rest() == "")
    #expect(serving.refusals.withLock { $0 } == [])
    await serving.stop()
  }

  @Test func `a client that does not take its answer is cut off`() async throws {
    var limits = Limits.patient
    limits.writeTimeoutMs = 50
    let size = 32_000_000
    let asked = Locked(false)
    let serving = try Serving(limits: limits) { _ in
      asked.withLock { $0 = true }
      return Response(body: .init(repeating: 1, count: size))
    }
    let client = try Client(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    try await eventually { asked.withLock { $0 } }
    try await serving.becomesIdle()
    #expect(await client.byteCountUntilEnd() < size)
    await serving.stop()
  }

  @Test func `an answer larger than the socket's room arrives whole`() async throws {
    let body = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
    let serving = try Serving { _ in Response(body: body) }
    let client = try Client(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await client.answer().body == body)
    #expect(try await client.answer().body == body)
    client.close()
    await serving.stop()
  }

  @Test func `a client that has said its last word still gets its answers`() async throws {
    let serving = try Serving { request in
      try? await Task.sleep(for: .milliseconds(20))
      return Response(body: Array(request.path.utf8))
    }
    let client = try Client(port: serving.port)
    client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n")
    client.shutdownWrite()
    #expect(try await client.answer().text == "/a")
    #expect(try await client.answer().text == "/b")
    #expect(try await client.rest() == "")
    await serving.stop()
  }

  @Test func `a client that leaves within a request is forgotten`() async throws {
    let serving = try Serving()
    for text in ["", "GET", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"] {
      let client = try Client(port: serving.port)
      client.send(text)
      client.shutdownWrite()
      #expect(try await client.rest() == "")
    }
    try await serving.becomesIdle()
    await serving.stop()
  }

  @Test func `a reset within an answer frees the connection and harms no other`() async throws {
    let serving = try Serving { request in
      Response(body: .init(repeating: 1, count: request.path == "/big" ? 16_000_000 : 1))
    }
    for _ in 0..<20 {
      let client = try Client(port: serving.port)
      client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
      client.reset()
    }
    let other = try Client(port: serving.port)
    other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await other.answer().status == 200)
    other.close()
    try await serving.becomesIdle()
    await serving.stop()
  }

  @Test func `a reset while the handler works lets it finish`() async throws {
    let finished = Locked(0)
    let gate = Gate()
    let serving = try Serving { _ in
      await gate.wait()
      finished.withLock { $0 += Task.isCancelled ? 0 : 1 }
      return Response()
    }
    let client = try Client(port: serving.port)
    client.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n")
    try await eventually { gate.waitingCount == 1 }
    client.reset()
    try await serving.becomesIdle()
    gate.open()
    try await eventually { finished.withLock { $0 } == 1 }
    await serving.stop()
  }

  @Test func `one connection more than the limit is told to come back`() async throws {
    var limits = Limits.patient
    limits.connectionsMax = 2
    let serving = try Serving(limits: limits)
    let clients = [try Client(port: serving.port), try Client(port: serving.port)]
    for client in clients {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try await client.answer().status == 200)
    }
    let third = try Client(port: serving.port)
    #expect(try await third.answer().status == 503)
    #expect(try await third.rest() == "")
    third.close()
    for client in clients { client.close() }
    try await serving.becomesIdle()
    let fourth = try Client(port: serving.port)
    fourth.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try await fourth.answer().status == 200)
    fourth.close()
    await serving.stop()
  }

  @Test func `many connections that come and go are all served`() async throws {
    let serving = try Serving { request in
      await Task.yield()
      return Response(body: Array(request.path.utf8))
    }
    let port = serving.port
    try await withThrowingTaskGroup { group in
      for worker in 0..<20 {
        group.addTask {
          for round in 0..<50 {
            let client = try Client(port: port)
            client.send("GET /\(worker)/\(round) HTTP/1.1\r\nHost: a\r\n\r\n")
            // Every third leaves without waiting, so that descriptors are used again at once.
            if round % 3 == 0 {
              client.reset()
            } else {
              #expect(try await client.answer().text == "/\(worker)/\(round)")
              client.close()
            }
          }
        }
      }
      try await group.waitForAll()
    }
    try await serving.becomesIdle()
    await serving.stop()
  }

  @Test func `when descriptors run out, accepting goes on once there are some again`() async {
    // In a process of its own, since the limit is the process's.
    await #expect(processExitsWith: .success) {
      let serving = try Serving()
      // Dispatch opens descriptors of its own for timers, and stops for good when it can't.
      try await Task.sleep(for: .milliseconds(1))
      var limit = rlimit(rlim_cur: 128, rlim_max: 128)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      var spare: [Int32] = []
      while case let descriptor = dup(0), descriptor >= 0 { spare.append(descriptor) }
      // Room for the client's end of the connection, none for the server's.
      var opened: Client?
      while opened == nil, let descriptor = spare.popLast() {
        close(descriptor)
        opened = try? Client(port: serving.port)
      }
      let client = try #require(opened)
      client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
      try await Task.sleep(for: .milliseconds(300))
      try #require(serving.settings.openCount.withLock { $0 } == 0)
      // Told once, however often it is tried again.
      try #require(serving.hindrances.withLock { $0 } == ["Too many open files"])
      for descriptor in spare { close(descriptor) }
      try #require(try await client.answer().text == "/a")
      client.close()
      await serving.stop()
    }
  }

  @Test func `where accepting is refused, who is in is served and the server stops`() async {
    // In a process of its own, since nothing takes a filter away again.
    await #expect(processExitsWith: .success) {
      alarm(30)  // A loop that tries again and again stops for nobody.
      let serving = try Serving()
      let client = try Client(port: serving.port)
      client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
      try #require(try await client.answer().text == "/a")
      try SystemCallFilter.refuse(.accept4)
      // So many that every loop has somebody to let in.
      let waiting = try (0..<16).map { _ in try Client(port: serving.port) }
      client.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
      try #require(try await client.answer().text == "/b")
      try await eventually {
        serving.hindrances.withLock { $0 } == Array(repeating: "Function not implemented", count: 2)
      }
      client.close()
      await serving.stop()
      for client in waiting { client.close() }
    }
  }
}
