import HTTPTypes

/// One event of a stream that a browser's `EventSource` reads (WHATWG HTML §9.2).
public struct ServerSentEvent: Sendable {
  /// What the browser names when it comes again, as `Last-Event-ID`; nil for none.
  public var id: String?
  /// The kind of event; nil for `message`.
  public var name: String?
  /// The text, of any number of lines.
  public var data: String

  /// An event from its parts.
  public init(id: String? = nil, name: String? = nil, data: String) {
    self.id = id
    self.name = name
    self.data = data
  }

  /// As it stands on the wire. A line end within id or name would begin another field, and is left
  /// out.
  var bytes: [UInt8] {
    var text = ""
    if let id { text += "id: \(Self.oneLine(id))\n" }
    if let name { text += "event: \(Self.oneLine(name))\n" }
    // Other characters that end lines end none here, and stay.
    let isEnd = { (character: Character) in ["\n", "\r", "\r\n"].contains(character) }
    for line in data.split(omittingEmptySubsequences: false, whereSeparator: isEnd) {
      text += "data: \(line)\n"
    }
    return Array((text + "\n").utf8)
  }

  private static func oneLine(_ text: String) -> String {
    String(text.unicodeScalars.filter { !["\n", "\r", "\0"].contains($0) })
  }
}

/// Where a stream of events puts them.
public struct EventWriter: Sendable {
  fileprivate let body: BodyWriter

  /// Sends an event; returns once the client's side has taken it.
  /// - Throws: `CancellationError` once the client has gone or the server stops.
  public func send(_ event: ServerSentEvent) async throws {
    try Task.checkCancellation()
    try await body.write(event.bytes)
  }
}

extension Response {
  /// How often a stream says that it is alive, so that a client that has gone is noticed and no
  /// proxy takes it for dead.
  public static let usualBeatMs = 15_000

  /// Events, until `make` returns or the client has enough.
  /// - Parameters:
  ///   - retryMs: how long a browser waits before it comes again.
  ///   - beatMs: how often a comment is sent, which browsers pass over.
  public static func events(
    retryMs: Int, beatMs: Int = usualBeatMs,
    _ make: @escaping @Sendable (EventWriter) async throws -> Void
  ) -> Response {
    var response = Response(headers: [
      .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store",
    ])
    // nginx as a proxy would collect events until its buffer is full.
    if let name = HTTPField.Name("X-Accel-Buffering") { response.headers[name] = "no" }
    response.stream = ResponseStream(isEndless: true) { body in
      try await body.write(Array("retry: \(retryMs)\n\n".utf8))
      await withTaskGroup { group in
        group.addTask { try? await make(EventWriter(body: body)) }
        group.addTask { try? await beat(on: body, everyMs: beatMs) }
        // Whichever ends first ends the stream: no more events, or no more client.
        await group.next()
        group.cancelAll()
      }
    }
    return response
  }

  private static func beat(on body: BodyWriter, everyMs: Int) async throws {
    while true {
      try await Task.sleep(for: .milliseconds(everyMs))
      try await body.write(Array(":\n\n".utf8))
    }
  }
}
