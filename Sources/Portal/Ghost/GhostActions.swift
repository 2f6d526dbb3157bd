import Foundation
import Rules

/// One entry of Ghost's own log of who changed what (`GET /actions/`).
struct GhostAction: Sendable, Equatable {
  let id: String
  /// `theme`, `setting`, `post`…
  let resourceType: String
  /// What it was done to, as Ghost calls it; empty where it does not tell.
  let resource: String
  /// `added`, `edited`, `deleted`.
  let event: String
  /// `user` or `integration`.
  let actorType: String
  /// Who, as Ghost calls them; empty where it does not tell.
  let actor: String
  let at: Moment
}

extension GhostAction: Decodable {
  private enum Keys: String, CodingKey {
    case id, resourceType, event, actorType, createdAt, context, actor
  }
  private struct Context: Decodable { let primaryName: String? }
  private struct Actor: Decodable { let name: String? }

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Keys.self)
    id = try members.decode(String.self, forKey: .id)
    resourceType = try members.decode(String.self, forKey: .resourceType)
    event = try members.decode(String.self, forKey: .event)
    actorType = (try? members.decode(String.self, forKey: .actorType)) ?? ""
    resource = (try? members.decode(Context.self, forKey: .context))?.primaryName ?? ""
    actor = (try? members.decode(Actor.self, forKey: .actor))?.name ?? ""
    let created = try members.decode(String.self, forKey: .createdAt)
    guard let date = try? Date(created, strategy: Self.withFraction) else {
      throw DecodingError.dataCorruptedError(
        forKey: .createdAt, in: members, debugDescription: "it is no time")
    }
    at = Moment(ms: Int64(date.timeIntervalSince1970 * 1_000))
  }

  private static let withFraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}

extension Ghost {
  /// The most entries that are read at a time.
  static let actionsMax = 100

  /// The newest entries of Ghost's log, newest first.
  func actions() async throws -> [GhostAction] {
    struct Answer: Decodable { let actions: [GhostAction] }
    return try await read(
      "/actions/?limit=\(Self.actionsMax)&include=actor", as: Answer.self
    ).actions
  }
}
