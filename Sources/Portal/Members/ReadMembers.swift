import AWS
import Foundation
import Rules

extension Cloud {
  /// Ghost's settings of members, and whether staff type a mailed code on new devices.
  func memberFacts() async throws -> MemberFacts {
    async let verifies = ghost.verifiesDevices()
    let values = try await ghost.settings().values.filter { MemberFacts.keeps($0.key) }
    return MemberFacts(
      values: values.mapValues(GhostPage.shown), verifiesDevices: try? await verifies)
  }
}

extension Ghost {
  private struct Config: Decodable {
    struct Security: Decodable { let staffDeviceVerification: Bool? }
    struct Told: Decodable { let security: Security? }
    let config: Told
  }

  /// Whether staff who sign in from a new device type a code that Ghost mails (`GET /config/`); nil
  /// where this Ghost does not tell.
  fileprivate func verifiesDevices() async throws -> Bool? {
    try await read("/config/", as: Config.self).config.security?.staffDeviceVerification
  }

  /// Sets settings (`PUT /settings/`). Ghost answers 200 also where it drops, without a word, what
  /// it does not know or lets nobody change: only its answer tells. For a staff token alone.
  /// - Returns: every setting as it is now.
  func editSettings(_ values: [String: String]) async throws -> GhostSettings {
    let path = "/settings/"
    let entries = values.sorted { $0.key < $1.key }.map { key, value in
      Edit(key: key, value: value)
    }
    let body = try JSONEncoder().encode(["settings": entries])
    let answer = try await send(
      "PUT", path, by: .staff, body: (type: "application/json", bytes: [UInt8](body)))
    do {
      return try JSONDecoder().decode(GhostSettings.self, from: Data(answer.body))
    } catch {
      throw GhostError(.unreadable("\(error)"), "PUT \(path)")
    }
  }

  private struct Edit: Encodable {
    let key: String
    let value: String

    private enum Keys: String, CodingKey { case key, value }

    /// What is on or off goes out as JSON has it.
    func encode(to encoder: any Encoder) throws {
      var members = encoder.container(keyedBy: Keys.self)
      try members.encode(key, forKey: .key)
      switch value {
      case "true": try members.encode(true, forKey: .value)
      case "false": try members.encode(false, forKey: .value)
      default: try members.encode(value, forKey: .value)
      }
    }
  }
}

extension MemberFacts: Shown {
  var known: String {
    let access = access.map { "sign-up for \($0.words)" } ?? "sign-up not told"
    guard let showsButton else { return access }
    return access + (showsButton ? "; Portal button shown" : "; Portal button hidden")
  }

  var details: [Detail] {
    [
      Detail("Sign-up is for", access?.words ?? values[MemberSetting.access.key] ?? "not told"),
      Detail("Ghost mails as", mailsAs ?? "not told"),
      Detail("Support address", supportAddress),
      Detail(
        "Staff verify new devices", verifiesDevices.map { $0 ? "yes" : "no" } ?? "not told"),
    ]
  }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Settings", ["Setting", "Value"],
        values.sorted { $0.key < $1.key }.map { [$0.key, $0.value.isEmpty ? "none" : $0.value] },
        empty: "Ghost told of none.")
    ]
  }
}
