/// A credential that was made for us, as W3C WebAuthn Level 3 §7.1 has it verified. Attestation is
/// asked for as "none" and the steps about its statement are left out: any authenticator will do,
/// so the statement is well formed or not, and nothing else.
public struct Registration: Sendable {
  /// The longest attestation object, in bytes; a TPM sends two certificates unasked.
  public static let bytesMax = 32_768

  /// What names the credential.
  public let credentialID: [UInt8]
  /// What its signatures are checked with.
  public let key: CredentialKey
  /// Where its counter begins.
  public let counter: UInt32

  /// - Parameters:
  ///   - attestationObject: what the authenticator sent.
  ///   - clientData: the bytes of clientDataJSON.
  ///   - challenge: what was asked.
  /// - Throws: `WebAuthnProblem` unless every step of §7.1 is passed, but that the credential
  ///   belongs to nobody yet: whoever stores it knows.
  public init(
    attestationObject: [UInt8], clientData: [UInt8], challenge: [UInt8],
    for relyingParty: RelyingParty
  ) throws(WebAuthnProblem) {
    _ = try ClientData.digest(
      of: clientData, type: "webauthn.create", challenge: challenge, for: relyingParty)
    guard attestationObject.count <= Self.bytesMax else { throw .size }
    guard let object = try CBORReader.read(attestationObject).map, case .text? = object["fmt"],
      object["attStmt"]?.map != nil, let bytes = object["authData"]?.bytes
    else { throw .encoding }
    let data = try AuthenticatorData(bytes, for: relyingParty)
    guard let credential = data.credential else { throw .credentialMissing }
    credentialID = credential.id
    key = credential.key
    counter = data.counter
  }
}
