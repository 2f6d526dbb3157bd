extension Logs {
  /// One line of a log.
  public struct Event: Sendable, Equatable {
    /// The event's id, once in a group.
    public let id: String
    /// When it was written, in milliseconds since 1970.
    public let atMs: Int64
    /// The stream it is in, one for each task.
    public let stream: String
    /// What it says.
    public let message: String
  }

  /// Lines that were looked for.
  public struct Found: Sendable, Equatable {
    /// The lines, in the order CloudWatch gives them.
    public let events: [Event]
    /// Whether the whole time was searched; false when the limit or the patience ended first.
    public let isComplete: Bool
  }

  private struct Search: Encodable {
    let logGroupName: String
    let startTime: Int64
    let endTime: Int64
    let filterPattern: String?
    let limit: Int
    let nextToken: String?
  }

  private struct SearchPage: Decodable {
    let events: [Row]?
    let nextToken: String?

    struct Row: Decodable {
      let eventId: String?
      let timestamp: Int64?
      let logStreamName: String?
      let message: String?
    }
  }

  /// FilterLogEvents (Amazon CloudWatch Logs API Reference).
  /// - Parameters:
  ///   - fromMs: The first millisecond since 1970 that is searched.
  ///   - toMs: The last one.
  ///   - pattern: In CloudWatch's filter syntax, `ERROR` or `{ $.level = 50 }`; nil for every line.
  ///   - limit: How many lines to read at most, 1 or more.
  /// - Throws: ``AWSError`` with reason `notFound` when there is no such group.
  public func filterLogEvents(
    group: String, fromMs: Int64, toMs: Int64, pattern: String?, limit: Int
  ) async throws(AWSError) -> Found {
    let operation = Operation.read(.logs, "FilterLogEvents")
    var events: [Event] = []
    var token: String?
    // A page may be empty and yet not the last: CloudWatch stops a search that takes long.
    for _ in 0..<Self.searchPagesMax {
      let page: SearchPage
      do {
        page = try await client.json(
          operation,
          Search(
            logGroupName: group, startTime: fromMs, endTime: toMs, filterPattern: pattern,
            limit: min(Self.eventsPerPageMax, limit - events.count), nextToken: token),
          as: SearchPage.self)
      } catch {
        throw named(error, group: group)
      }
      events += (page.events ?? []).map {
        Event(
          id: $0.eventId ?? "", atMs: $0.timestamp ?? 0, stream: $0.logStreamName ?? "",
          message: $0.message ?? "")
      }
      token = page.nextToken
      guard token != nil, events.count < limit else { break }
    }
    return Found(events: events, isComplete: token == nil)
  }

  /// How many pages a search is followed for: it may be of months.
  static let searchPagesMax = 50
  /// The most that CloudWatch gives in a page.
  private static let eventsPerPageMax = 10_000
}
