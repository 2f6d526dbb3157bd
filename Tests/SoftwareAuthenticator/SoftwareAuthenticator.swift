import Cryptography

/// An authenticator and the browser before it, which do what they should unless a test changes it.
public struct SoftwareAuthenticator: Sendable {
  /// The key of its one credential.
  public let key: SoftwareKey
  /// What names the credential.
  public var id: [UInt8] = Array("credential-0001".utf8)
  /// The host the credential is for.
  public var host = "localhost"
  /// The page's origin.
  public var origin = "http://localhost:8080"
  /// UP and UV.
  public var flags: UInt8 = 0b101
  /// How often it has signed.
  public var counter: UInt32 = 0
  /// What stands behind the origin in the client data.
  public var more = ",\"crossOrigin\":false"
  /// What stands at the end of authenticator data.
  public var extensions: [UInt8] = []

  /// One with a new key.
  public init(isRSA: Bool = false) { key = SoftwareKey(isRSA: isRSA) }

  /// The answer to a challenge.
  public struct Answer: Sendable {
    /// The bytes of clientDataJSON.
    public let clientData: [UInt8]
    /// The attestation object of a registration, the authenticator data of a signature.
    public let data: [UInt8]
    /// The signature; empty for a registration.
    public let signature: [UInt8]
  }

  /// A new credential.
  public func register(_ challenge: [UInt8], type: String = "webauthn.create") -> Answer {
    let length = [UInt8(truncatingIfNeeded: id.count >> 8), UInt8(truncatingIfNeeded: id.count)]
    let credential = [UInt8](repeating: 0, count: 16) + length + id + key.cose
    let data = authenticatorData(flags | 0x40, credential)
    return Answer(
      clientData: clientData(type, challenge), data: Self.attestation(of: data), signature: [])
  }

  /// A signature by the credential.
  public func sign(_ challenge: [UInt8], type: String = "webauthn.get") -> Answer {
    let client = clientData(type, challenge)
    let data = authenticatorData(flags, [])
    return Answer(
      clientData: client, data: data, signature: key.sign(data + SHA256.digest(client)))
  }

  /// An attestation object without a statement.
  public static func attestation(of data: [UInt8]) -> [UInt8] {
    let head: [UInt8] =
      [0xA3, 0x63] + Array("fmt".utf8) + [0x64] + Array("none".utf8) + [0x67]
      + Array("attStmt".utf8) + [0xA0, 0x68] + Array("authData".utf8)
    let low = UInt8(truncatingIfNeeded: data.count)
    return head + (data.count < 256 ? [0x58, low] : [0x59, UInt8(data.count >> 8), low]) + data
  }

  private func clientData(_ type: String, _ challenge: [UInt8]) -> [UInt8] {
    let text =
      "{\"type\":\"\(type)\",\"challenge\":\"\(Base64URL.encode(challenge))\","
      + "\"origin\":\"\(origin)\"\(more)}"
    return Array(text.utf8)
  }

  private func authenticatorData(_ flags: UInt8, _ credential: [UInt8]) -> [UInt8] {
    let counted = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: counter >> $0) }
    return SHA256.digest(Array(host.utf8)) + [flags] + counted + credential + extensions
  }
}
