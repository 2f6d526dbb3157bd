internal import Cryptography
internal import Foundation

/// Temporary credentials as containers and machines are given them.
struct RoleAnswer: Decodable {
  var code: String?
  let accessKeyID: String
  let secretAccessKey: String
  let token: String?
  let expiration: String?

  enum CodingKeys: String, CodingKey {
    case code = "Code"
    case accessKeyID = "AccessKeyId"
    case secretAccessKey = "SecretAccessKey"
    case token = "Token"
    case expiration = "Expiration"
  }

  /// Reads an answer; nil when it is anything but credentials.
  static func credentials(_ answer: HTTPAnswer) -> Credentials? {
    guard answer.status == 200,
      let role = try? JSONDecoder().decode(RoleAnswer.self, from: Data(answer.body)),
      role.code == nil || role.code == "Success"
    else { return nil }
    return Credentials(
      accessKeyID: role.accessKeyID, secretAccessKey: Secret(role.secretAccessKey),
      sessionToken: role.token.map { Secret($0) },
      expiresAtMs: role.expiration.flatMap(Timestamp.ms(iso8601:)))
  }
}
