import Cryptography
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// A page that goes on by itself: it is sent to whoever has it open each time it has changed,
  /// until it goes on no more. Each time it is asked for as the browser would, so whoever may not
  /// see it any more does not.
  func followPage(_ visit: Visit) async throws -> Response {
    let person = try visit.person.id
    let target = visit.field("of")
    guard let request = Self.page(target, asked: visit.request) else { throw Failure.notFound }
    let again = Self.lastEventID.flatMap { visit.request.headers[$0] }
    let seen = again ?? visit.field("after")
    return .events(retryMs: Self.comeAgainMs) { [self] events in
      guard followers.enter(person) else { return try await events.send(.busy) }
      defer { followers.leave(person) }
      try await send(request, to: events, seen: seen)
    }
  }

  /// How long a browser waits before it comes again.
  private static let comeAgainMs = 2_000
  private static let lastEventID = HTTPField.Name("Last-Event-ID")

  /// The request for a page by whoever asks to follow it; nil for what is no page of ours that can
  /// be followed.
  private static func page(_ target: String, asked: Request) -> Request? {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    guard target.hasPrefix("/"), let path = parts.first else { return nil }
    var request = asked
    request.path = path
    request.query = parts.count > 1 ? parts[1] : nil
    request.target = target
    guard let (route, _) = route(of: request).found, route.isFollowed else { return nil }
    return request
  }

  private func send(_ request: Request, to events: EventWriter, seen: String) async throws {
    var seen = seen
    let routed = Self.route(of: request)
    while !Task.isCancelled {
      let writes = storage.writes
      let (answer, _) = await answer(request, to: routed, id: reference())
      // Signed out, or no more allowed: the browser goes and sees.
      guard answer.status == .ok else { return try await events.send(.gone) }
      let version = Self.version(of: answer.body)
      if version != seen {
        try await events.send(
          .init(id: version, data: String(decoding: answer.body, as: UTF8.self)))
      }
      seen = version
      guard answer.body.firstRange(of: Self.goesOn) != nil else { return }
      try await waitForMore(since: writes)
    }
  }

  /// Until something was written, or what is read elsewhere may be another.
  private func waitForMore(since writes: Int) async throws {
    for _ in 0..<Self.looksMax where storage.writes == writes {
      try await Task.sleep(for: .milliseconds(Self.lookEveryMs))
    }
  }

  private static let lookEveryMs = 250
  /// Looks after which a page is drawn again, whatever was written.
  private static let looksMax = 12

  /// What names the content of a page: its head and foot differ each time.
  private static func version(of page: [UInt8]) -> String {
    let start = page.firstRange(of: contentStart)?.lowerBound ?? page.startIndex
    let end = page[start...].firstRange(of: contentEnd)?.lowerBound ?? page.endIndex
    let content = Array(page[start..<end])
    return String(Hex.encode(SHA256.digest(content)).prefix(16))
  }

  private static let contentStart = Array("<aside".utf8)
  private static let contentEnd = Array("<footer".utf8)
  /// What stands in the frame of a page that goes on.
  private static let goesOn = Array(" data-following=\"".utf8)
}

extension ServerSentEvent {
  /// The page can't be followed any more.
  fileprivate static let gone = ServerSentEvent(name: "gone", data: "")
  /// The person follows enough already.
  fileprivate static let busy = ServerSentEvent(name: "busy", data: "")
}
