import Foundation
import Rules

/// Ghost's settings by their keys, each value in words: `true`, `none`, an address.
struct GhostSettings: Sendable, Equatable {
  let values: [String: String]

  /// The name of the theme that readers see; nil when Ghost does not tell.
  var activeTheme: String? { values["active_theme"] }
}

extension GhostSettings: Decodable {
  private struct Entry: Decodable {
    let key: String
    let value: String

    private enum Keys: String, CodingKey { case key, value }

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: Keys.self)
      key = try members.decode(String.self, forKey: .key)
      if let text = try? members.decode(String.self, forKey: .value) {
        value = text
      } else if let flag = try? members.decode(Bool.self, forKey: .value) {
        value = flag ? "true" : "false"
      } else if let number = try? members.decode(Int64.self, forKey: .value) {
        value = String(number)
      } else {
        value = ""
      }
    }
  }

  private enum Keys: String, CodingKey { case settings }

  init(from decoder: any Decoder) throws {
    let entries = try decoder.container(keyedBy: Keys.self).decode([Entry].self, forKey: .settings)
    values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }
}

extension Ghost {
  /// Every setting an integration may read (`GET /settings/`).
  func settings() async throws -> GhostSettings {
    try await read("/settings/", as: GhostSettings.self)
  }
}
