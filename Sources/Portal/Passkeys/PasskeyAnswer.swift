import Cryptography

/// The answer of a passkey as its field holds it: parts in base64url with dots between them.
struct PasskeyAnswer: Sendable {
  /// The longest field that is read, in bytes.
  static let fieldBytesMax = 65_536
  /// The field of an answer, and of a passkey that was just made. No text that people typed.
  static let fields: Set = ["passkey", "new_passkey"]

  let offer: String
  let credentialID: [UInt8]
  let clientData: [UInt8]
  let authenticatorData: [UInt8]
  let signature: [UInt8]
  /// Whose it is, as the authenticator says; empty where it does not.
  let userHandle: [UInt8]

  /// - Returns: nil for anything that no page of ours sends.
  init?(_ field: String) {
    guard let (offer, parts) = Self.parts(of: field, count: 5) else { return nil }
    self.offer = offer
    (credentialID, clientData, authenticatorData) = (parts[0], parts[1], parts[2])
    (signature, userHandle) = (parts[3], parts[4])
  }

  /// What tells an authenticator whose passkey it keeps.
  static func handle(of person: Int64) -> [UInt8] { Array("person-\(person)".utf8) }

  /// The offer and the bytes behind it.
  fileprivate static func parts(
    of field: String, count: Int
  ) -> (offer: String, parts: [[UInt8]])? {
    guard field.utf8.count <= fieldBytesMax else { return nil }
    let texts = field.split(separator: ".", omittingEmptySubsequences: false)
    let parts = texts.dropFirst().compactMap { Base64URL.decode($0) }
    guard texts.count == count + 1, parts.count == count else { return nil }
    return (String(texts[0]), parts)
  }
}

/// A passkey that was just made, as its field holds it.
struct NewPasskey: Sendable {
  let offer: String
  let clientData: [UInt8]
  let attestationObject: [UInt8]

  /// - Returns: nil for anything that no page of ours sends.
  init?(_ field: String) {
    guard let (offer, parts) = PasskeyAnswer.parts(of: field, count: 2) else { return nil }
    self.offer = offer
    (clientData, attestationObject) = (parts[0], parts[1])
  }
}
