import Cryptography
import SoftwareAuthenticator
import Testing

@testable import WebAuthn

/// Registration and assertion: what passes, and the refusal of each step of W3C WebAuthn Level 3.
@Suite struct CeremonyTests {
  private static let challenge = [UInt8](1...32)
  private static let party = RelyingParty(address: "http://localhost:8080")

  private func register(
    _ answer: SoftwareAuthenticator.Answer, data: [UInt8]? = nil
  ) throws -> Registration {
    try Registration(
      attestationObject: data ?? answer.data, clientData: answer.clientData,
      challenge: Self.challenge, for: #require(Self.party))
  }

  private func count(
    _ authenticator: SoftwareAuthenticator, _ answer: SoftwareAuthenticator.Answer? = nil,
    signature: [UInt8]? = nil, by key: CredentialKey? = nil, after counter: UInt32 = 0
  ) throws -> UInt32 {
    let answer = answer ?? authenticator.sign(Self.challenge)
    return try Assertion.counter(
      verifying: signature ?? answer.signature, authenticatorData: answer.data,
      clientData: answer.clientData, challenge: Self.challenge, for: #require(Self.party),
      by: key ?? CredentialKey(authenticator.key.cose), after: counter)
  }

  @Test(arguments: [false, true])
  func `what was registered signs in, and its kept key checks the signature`(isRSA: Bool) throws {
    var authenticator = SoftwareAuthenticator(isRSA: isRSA)
    authenticator.counter = 7
    let made = try register(authenticator.register(Self.challenge))
    #expect(made.credentialID == authenticator.id)
    #expect(made.key.encoded == authenticator.key.cose)
    #expect(made.counter == 7)
    authenticator.counter = 8
    #expect(try count(authenticator, by: CredentialKey(made.key.encoded), after: 7) == 8)
  }

  @Test func `extensions nobody asked for, and a client that does not speak of frames, pass`()
    throws
  {
    var authenticator = SoftwareAuthenticator()
    authenticator.flags |= 0x80 | 0x08 | 0x10
    authenticator.extensions = [0xA1, 0x61, 0x61, 0xF5]
    authenticator.more = ",\"other_keys_can_be_added_here\":1"
    _ = try register(authenticator.register(Self.challenge))
    #expect(try count(authenticator) == 0)
  }

  /// Changes that both ceremonies refuse alike.
  static let changes: [(WebAuthnProblem, @Sendable (inout SoftwareAuthenticator) -> Void)] = [
    (.origin, { $0.origin = "http://localhost:8081" }),
    (.origin, { $0.origin = "https://localhost:8080" }),
    (.crossOrigin, { $0.more = ",\"crossOrigin\":true" }),
    (.crossOrigin, { $0.more = ",\"crossOrigin\":false,\"topOrigin\":\"http://localhost:8080\"" }),
    (.clientData, { $0.more = ",\"x\":" }),
    (.size, { $0.more = ",\"x\":\"\(String(repeating: "x", count: ClientData.bytesMax))\"" }),
    (.relyingParty, { $0.host = "example.com" }),
    (.userAbsent, { $0.flags = 0b100 }),
    (.userNotVerified, { $0.flags = 0b001 }),
    (.backup, { $0.flags |= 0x10 }),
    (.encoding, { $0.extensions = [0xA0] }),
    (.encoding, { $0.flags |= 0x80 }),
    (
      .encoding,
      {
        $0.flags |= 0x80; $0.extensions = [0x01]
      }
    ),
    (
      .encoding,
      {
        $0.flags |= 0x80; $0.extensions = [0xA0, 0x00]
      }
    ),
    (.size, { $0.extensions = [UInt8](repeating: 0, count: AuthenticatorData.bytesMax) }),
  ]

  @Test(arguments: changes.indices)
  func `what was made elsewhere, for another, or without a person is refused`(at: Int) {
    let (problem, change) = Self.changes[at]
    var authenticator = SoftwareAuthenticator()
    change(&authenticator)
    #expect(throws: problem) { try self.register(authenticator.register(Self.challenge)) }
    #expect(throws: problem) { try self.count(authenticator) }
  }

  @Test func `the answer to another challenge, or to the other question, is refused`() {
    let authenticator = SoftwareAuthenticator()
    #expect(throws: WebAuthnProblem.challenge) { try self.register(authenticator.register([1])) }
    #expect(throws: WebAuthnProblem.challenge) {
      try self.count(authenticator, authenticator.sign([1]))
    }
    #expect(throws: WebAuthnProblem.type) {
      try self.register(authenticator.register(Self.challenge, type: "webauthn.get"))
    }
    #expect(throws: WebAuthnProblem.type) {
      try self.count(authenticator, authenticator.sign(Self.challenge, type: "webauthn.create"))
    }
  }

  @Test func `ids of credentials have one to 1,023 bytes`() throws {
    var authenticator = SoftwareAuthenticator()
    for count in [1, 1_023] {
      authenticator.id = [UInt8](repeating: 7, count: count)
      #expect(try register(authenticator.register(Self.challenge)).credentialID.count == count)
    }
    for count in [0, 1_024] {
      authenticator.id = [UInt8](repeating: 7, count: count)
      let answer = authenticator.register(Self.challenge)
      #expect(throws: WebAuthnProblem.credentialID) { try self.register(answer) }
    }
  }

  @Test func `an attestation object is a map of three, whole, with a credential in it`() throws {
    let authenticator = SoftwareAuthenticator()
    let answer = authenticator.register(Self.challenge)
    let signed = authenticator.sign(Self.challenge).data
    #expect(throws: WebAuthnProblem.credentialMissing) {
      try self.register(answer, data: SoftwareAuthenticator.attestation(of: signed))
    }
    for data in [
      [], [0xA0], [0x01], answer.data + [0], SoftwareAuthenticator.attestation(of: []),
      [0xA1, 0x63] + Array("fmt".utf8) + [0x64] + Array("none".utf8),
    ] as [[UInt8]] {
      #expect(throws: WebAuthnProblem.encoding) { try self.register(answer, data: data) }
    }
    #expect(throws: WebAuthnProblem.size) {
      try self.register(answer, data: [UInt8](repeating: 0, count: Registration.bytesMax + 1))
    }
    for count in answer.data.indices {
      #expect(throws: WebAuthnProblem.self) {
        try self.register(answer, data: Array(answer.data.prefix(count)))
      }
    }
  }

  @Test func `a key is of ES256 or RS256, on its curve, and whole`() throws {
    let good = SoftwareAuthenticator().key.cose
    func changed(_ at: Int, _ byte: UInt8) -> [UInt8] {
      var key = good
      key[at] = byte
      return key
    }
    // EdDSA, another type, another curve, a point beside the curve.
    for key in [changed(4, 0x27), changed(2, 0x01), changed(6, 0x02), changed(20, ~good[20])] {
      #expect(throws: WebAuthnProblem.key) { try CredentialKey(key) }
    }
    for key in [[], [0x01], good + [0], Array(good.dropLast())] as [[UInt8]] {
      #expect(throws: WebAuthnProblem.encoding) { try CredentialKey(key) }
    }
  }

  @Test func `the signature is the credential's own, over this data`() throws {
    let authenticator = SoftwareAuthenticator()
    let other = SoftwareAuthenticator()
    #expect(throws: WebAuthnProblem.signature) {
      try self.count(authenticator, signature: other.sign(Self.challenge).signature)
    }
    #expect(throws: WebAuthnProblem.signature) { try self.count(authenticator, signature: []) }
    #expect(throws: WebAuthnProblem.size) {
      try self.count(authenticator, signature: [UInt8](repeating: 0, count: 1_025))
    }
  }

  @Test func `a counter grows, unless it does not count`() throws {
    var authenticator = SoftwareAuthenticator()
    authenticator.counter = 5
    #expect(try count(authenticator, after: 4) == 5)
    for last in [5, 6, UInt32.max] as [UInt32] {
      #expect(throws: WebAuthnProblem.counter) { try self.count(authenticator, after: last) }
    }
    authenticator.counter = 0
    #expect(try count(authenticator, after: 0) == 0)
    #expect(throws: WebAuthnProblem.counter) { try self.count(authenticator, after: 1) }
  }
}
