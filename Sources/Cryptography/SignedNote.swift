/// A text with the signatures below it (C2SP signed-note): the lines of the text, an empty line,
/// and a line `— name base64` for each signature.
public struct SignedNote: Sendable, Hashable {
  /// One signature.
  struct Signature: Hashable {
    let name: String
    let keyID: [UInt8]
    let bytes: [UInt8]
  }

  /// What is signed: lines, each ended.
  public let text: String
  let signatures: [Signature]

  /// Signs a text.
  /// - Parameter text: lines, each ended; none of them empty at the end.
  public init(_ text: String, signedBy signers: [NoteSigner]) throws(CryptographyProblem) {
    self.text = text
    var signatures: [Signature] = []
    for signer in signers {
      signatures.append(
        Signature(
          name: signer.publicKey.name, keyID: signer.publicKey.id, bytes: try signer.sign(text)))
    }
    self.signatures = signatures
  }

  /// Reads ``whole``; nil for anything else.
  public init?(whole: String) {
    var lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast() == "", let gap = lines.lastIndex(of: ""), gap > 0, gap + 1 < lines.count
    else { return nil }
    text = lines[..<gap].map { $0 + "\n" }.joined()
    let read = lines[(gap + 1)...].map(Self.signature)
    signatures = read.compactMap { $0 }
    guard signatures.count == read.count else { return nil }
  }

  /// The note with its signatures.
  public var whole: String {
    text + "\n"
      + signatures.map { "— \($0.name) \(Base64.encode($0.keyID + $0.bytes))\n" }.joined()
  }

  /// Whether there is one signature by this key, and it is right. A wrong one beside a right one
  /// refuses the note (C2SP signed-note, “Verifying”).
  public func isSigned(by key: NoteKey) -> Bool {
    let own = signatures.filter { $0.name == key.name && $0.keyID == key.id }
    guard own.count == 1 else { return false }
    return key.key.isValid(own[0].bytes, of: Array(text.utf8))
  }

  static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        $0 != "+" && !$0.properties.isWhitespace && $0.value >= 0x20
      }
  }

  private static func signature(_ line: Substring) -> Signature? {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "—", isName(String(parts[1])),
      let bytes = Base64.decode(parts[2]), bytes.count > 4
    else { return nil }
    return Signature(
      name: String(parts[1]), keyID: Array(bytes.prefix(4)), bytes: Array(bytes.dropFirst(4)))
  }
}
