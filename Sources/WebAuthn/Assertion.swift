import Cryptography

/// A credential's signature over a challenge, as W3C WebAuthn Level 3 §7.2 has it verified,
/// steps 8 to 22.
public enum Assertion {
  /// The longest signature, in bytes: RSA of 8,192 bits.
  public static let signatureBytesMax = 1_024

  /// Verifies every step of §7.2 but whose credential it is, which whoever has stored it knows.
  /// - Parameters:
  ///   - key: the credential's.
  ///   - counter: where the credential's counter stood the last time.
  /// - Returns: where it stands now.
  /// - Throws: `WebAuthnProblem` at the first step that is not passed.
  public static func counter(
    verifying signature: [UInt8], authenticatorData: [UInt8], clientData: [UInt8],
    challenge: [UInt8], for relyingParty: RelyingParty, by key: CredentialKey, after counter: UInt32
  ) throws(WebAuthnProblem) -> UInt32 {
    let digest = try ClientData.digest(
      of: clientData, type: "webauthn.get", challenge: challenge, for: relyingParty)
    let data = try AuthenticatorData(authenticatorData, for: relyingParty)
    guard signature.count <= signatureBytesMax else { throw .size }
    guard key.key.isValid(signature, of: authenticatorData + digest) else { throw .signature }
    // One that counts never shows a number twice; 0 both times is one that does not count.
    guard data.counter > counter || data.counter == 0 && counter == 0 else { throw .counter }
    return data.counter
  }
}
