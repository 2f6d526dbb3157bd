import HTTPTypes
import Testing
import WireClient

@testable import HTTP

/// Events as a browser's `EventSource` reads them (WHATWG HTML §9.2).
@Suite struct ServerSentEventTests {
  private func text(_ event: ServerSentEvent) -> String {
    String(decoding: event.bytes, as: UTF8.self)
  }

  @Test func `each line of the text is a field, and an empty line ends the event`() {
    #expect(text(.init(data: "a")) == "data: a\n\n")
    #expect(text(.init(data: "")) == "data: \n\n")
    #expect(
      text(.init(id: "7", name: "step", data: "a\nb\r\nc\rd"))
        == "id: 7\nevent: step\ndata: a\ndata: b\ndata: c\ndata: d\n\n")
  }

  @Test func `characters that end no line of a stream stay as they are`() {
    let text = "a\u{85}b\u{2028}c\u{2029}d\u{B}e\u{C}f"
    #expect(self.text(.init(data: text)) == "data: \(text)\n\n")
  }

  @Test func `nothing within an event begins another`() {
    let event = ServerSentEvent(id: "1\ndata: x", name: "a\r\nid: 9\0", data: "x\n\nid: 3")
    #expect(text(event) == "id: 1data: x\nevent: aid: 9\ndata: x\ndata: \ndata: id: 3\n\n")
  }

  @Test func `events come as they are sent, and the stream ends with their maker`() async throws {
    let serving = try Serving { request in
      let last = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] } ?? "0"
      return .events(retryMs: 2_000) { events in
        try await events.send(.init(id: last + "1", data: "first"))
        try await events.send(.init(id: last + "2", data: "second"))
      }
    }
    let client = try Client(port: serving.port)
    client.send(
      "GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 5\r\nConnection: close\r\n\r\n")
    let text = try await client.rest()
    #expect(text.contains("Content-Type: text/event-stream; charset=utf-8\r\n"))
    #expect(text.contains("Cache-Control: no-store\r\n"))
    #expect(text.contains("X-Accel-Buffering: no\r\n"))
    let order = ["retry: 2000\n\n", "id: 51\ndata: first\n\n", "id: 52\ndata: second\n\n"]
    let places = order.compactMap { text.firstRange(of: $0)?.lowerBound }
    #expect(places.count == 3 && places == places.sorted())
    #expect(text.hasSuffix("0\r\n\r\n"))
    client.close()
    await serving.stop()
  }

  @Test func `a silent stream says that it is alive`() async throws {
    let gate = Gate()
    let serving = try Serving { _ in
      .events(retryMs: 1, beatMs: 20) { _ in await gate.wait() }
    }
    let client = try Client(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    try await eventually { gate.waitingCount == 1 }
    try await Task.sleep(for: .milliseconds(300))
    gate.open()
    let text = try await client.rest()
    #expect(text.ranges(of: "3\r\n:\n\n\r\n").count > 1)
    client.close()
    await serving.stop()
  }

  @Test func `a stop ends the stream, so that the browser comes again`() async throws {
    let serving = try Serving { _ in
      .events(retryMs: 1) { events in
        try await events.send(.init(data: "first"))
        try await Task.sleep(for: .seconds(600))
      }
    }
    let client = try Client(port: serving.port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    try await eventually { serving.settings.openCount.withLock { $0 } == 1 }
    try await Task.sleep(for: .milliseconds(200))
    async let stopped: Void = serving.stop()
    let text = try await client.rest()
    #expect(text.contains("data: first\n\n"))
    #expect(text.hasSuffix("0\r\n\r\n"))
    client.close()
    await stopped
  }
}
