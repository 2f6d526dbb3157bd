import Cryptography

/// What an authenticator says of itself and of who was there (W3C WebAuthn Level 3 §6.1).
struct AuthenticatorData {
  /// The longest that is read, in bytes: a credential's id, a key of RSA and some extensions.
  static let bytesMax = 8_192
  /// The longest id of a credential, in bytes (§7.1, of credentialId).
  static let credentialIDBytesMax = 1_023

  /// A credential that was just made.
  struct Credential {
    let id: [UInt8]
    let key: CredentialKey
  }

  /// How often it has signed, as it says; 0 where it does not count.
  let counter: UInt32
  /// Only a registration has one.
  let credential: Credential?

  /// Reads it and verifies what both ceremonies ask of it (§7.1, §7.2): the hash of the relying
  /// party's id, that somebody was there (UP), that the authenticator knows who (UV), and that
  /// nothing is backed up which can't be (BE, BS).
  init(_ bytes: [UInt8], for relyingParty: RelyingParty) throws(WebAuthnProblem) {
    guard bytes.count <= Self.bytesMax else { throw .size }
    // rpIdHash, flags, signCount
    guard bytes.count >= 37 else { throw .encoding }
    guard Array(bytes[..<32]) == relyingParty.idHash else { throw .relyingParty }
    let flags = Flags(rawValue: bytes[32])
    guard flags.contains(.userPresent) else { throw .userAbsent }
    guard flags.contains(.userVerified) else { throw .userNotVerified }
    guard flags.contains(.backupEligible) || !flags.contains(.backedUp) else { throw .backup }
    counter = bytes[33..<37].reduce(0) { $0 << 8 | UInt32($1) }
    var rest = bytes[37...]
    credential = flags.contains(.credential) ? try Self.credential(&rest) : nil
    if flags.contains(.extensions) {
      // Nobody asked for any, so what they say is not judged.
      var reader = CBORReader(rest)
      guard try reader.next().map != nil else { throw .encoding }
      rest = reader.rest
    }
    guard rest.isEmpty else { throw .encoding }
  }

  /// Attested credential data (§6.5.1): the model, the length of the id, the id, the key.
  private static func credential(
    _ rest: inout ArraySlice<UInt8>
  ) throws(WebAuthnProblem) -> Credential {
    guard rest.count >= 18 else { throw .encoding }
    let length = rest.dropFirst(16).prefix(2).reduce(0) { $0 << 8 | Int($1) }
    guard (1...credentialIDBytesMax).contains(length) else { throw .credentialID }
    rest = rest.dropFirst(18)
    guard rest.count >= length else { throw .encoding }
    let id = Array(rest.prefix(length))
    var reader = CBORReader(rest.dropFirst(length))
    let key = try CredentialKey(&reader)
    rest = reader.rest
    return Credential(id: id, key: key)
  }

  private struct Flags: OptionSet {
    let rawValue: UInt8
    static let userPresent = Flags(rawValue: 1 << 0)
    static let userVerified = Flags(rawValue: 1 << 2)
    static let backupEligible = Flags(rawValue: 1 << 3)
    static let backedUp = Flags(rawValue: 1 << 4)
    static let credential = Flags(rawValue: 1 << 6)
    static let extensions = Flags(rawValue: 1 << 7)
  }
}
