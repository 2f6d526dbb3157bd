/// A named public key, as signed notes know it: `name+id+base64` (C2SP signed-note).
public struct NoteKey: Sendable, Hashable {
  /// The byte that says Ed25519 in front of a key.
  static let algorithm: UInt8 = 1

  /// Who signs.
  public let name: String
  /// The key.
  public let key: VerifyingKey

  /// - Parameter name: not empty, without spaces and `+`.
  public init(name: String, key: VerifyingKey) {
    self.name = name
    self.key = key
  }

  /// Reads `name+id+base64`; nil for anything else, or when the id belongs to another key.
  public init?(_ text: String) {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
      .map(String.init)
    guard parts.count == 3, SignedNote.isName(parts[0]),
      let bytes = Base64.decode(parts[2]), bytes.first == Self.algorithm,
      let key = VerifyingKey(bytes: Array(bytes.dropFirst()))
    else { return nil }
    self.init(name: parts[0], key: key)
    guard Hex.encode(id) == parts[1] else { return nil }
  }

  /// The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key).
  var id: [UInt8] {
    Array(SHA256.digest(Array(name.utf8) + [0x0A, Self.algorithm] + key.bytes).prefix(4))
  }

  /// `name+id+base64`.
  public var text: String {
    "\(name)+\(Hex.encode(id))+\(Base64.encode([Self.algorithm] + key.bytes))"
  }
}

/// A named private key, `PRIVATE+KEY+name+id+base64` in its file.
public struct NoteSigner: Sendable {
  private static let mark = "PRIVATE+KEY+"

  private let key: SigningKey
  /// What others check its signatures with.
  public let publicKey: NoteKey

  /// - Parameter name: not empty, without spaces and `+`.
  public init(name: String, key: SigningKey) {
    self.key = key
    publicKey = NoteKey(name: name, key: key.verifyingKey)
  }

  /// Reads what ``secret`` gives; nil for anything else.
  public init?(_ secret: Secret) {
    let text = String(decoding: secret.bytes, as: UTF8.self)
    guard text.hasPrefix(Self.mark) else { return nil }
    let parts = text.dropFirst(Self.mark.count)
      .split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, SignedNote.isName(String(parts[0])),
      let bytes = Base64.decode(parts[2]), bytes.first == NoteKey.algorithm,
      let key = try? SigningKey(seed: Secret(bytes: bytes.dropFirst()))
    else { return nil }
    self.init(name: String(parts[0]), key: key)
    guard Hex.encode(publicKey.id) == parts[1] else { return nil }
  }

  /// The key as its file holds it.
  public var secret: Secret {
    let seed = Base64.encode([NoteKey.algorithm] + key.seed.bytes)
    return Secret("\(Self.mark)\(publicKey.name)+\(Hex.encode(publicKey.id))+\(seed)")
  }

  func sign(_ text: String) throws(CryptographyProblem) -> [UInt8] {
    try key.sign(Array(text.utf8))
  }
}
