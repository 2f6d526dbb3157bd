import Cryptography
import FoundationEssentials

/// What the browser says it was asked, and where (W3C WebAuthn Level 3 §5.8.1). The authenticator
/// signs its digest.
struct ClientData: Decodable {
  /// The longest that is read, in bytes.
  static let bytesMax = 4_096

  private let type: String
  private let challenge: String
  private let origin: String
  private let crossOrigin: Bool?
  private let topOrigin: String?

  /// The digest of client data that answers this challenge on a page of our own: what §7.1 and §7.2
  /// verify of type, challenge, origin, crossOrigin and topOrigin.
  static func digest(
    of json: [UInt8], type: String, challenge: [UInt8], for relyingParty: RelyingParty
  ) throws(WebAuthnProblem) -> [UInt8] {
    guard json.count <= bytesMax else { throw .size }
    guard let data = try? JSONDecoder().decode(ClientData.self, from: Data(json)) else {
      throw .clientData
    }
    guard data.type == type else { throw .type }
    guard constantTimeEqual(Array(data.challenge.utf8), Array(Base64URL.encode(challenge).utf8))
    else { throw .challenge }
    guard data.origin == relyingParty.origin else { throw .origin }
    guard data.crossOrigin != true, data.topOrigin == nil else { throw .crossOrigin }
    return SHA256.digest(json)
  }
}
