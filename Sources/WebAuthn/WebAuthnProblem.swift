/// Why what an authenticator sent is not taken. People are told none of it apart: each is the same
/// refusal.
public enum WebAuthnProblem: Error, Equatable, Sendable {
  /// Longer than anything an authenticator sends.
  case size
  /// Not the CBOR that authenticators write, or not what has to stand in it.
  case encoding
  /// What the browser says it was asked is no such thing.
  case clientData
  /// Made for the other of registration and sign-in.
  case type
  /// The answer to another challenge.
  case challenge
  /// Made on another site's page.
  case origin
  /// Made in a frame of another site's page.
  case crossOrigin
  /// Made for another relying party.
  case relyingParty
  /// Nobody was there.
  case userAbsent
  /// The authenticator did not find out who was there.
  case userNotVerified
  /// Backed up, by what can't be.
  case backup
  /// A registration without a credential.
  case credentialMissing
  /// A credential's id that is empty or too long.
  case credentialID
  /// A key of an algorithm that was not asked for, or none at all.
  case key
  /// The signature is not the credential's.
  case signature
  /// The counter has not grown: there may be two of the authenticator.
  case counter
}
