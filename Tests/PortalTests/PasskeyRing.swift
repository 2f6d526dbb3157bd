import Cryptography
import Foundation
import HTTP
import HTTPTypes
import Rules
import SoftwareAuthenticator
import Testing

@testable import Portal

/// A person's authenticator, and the script of our pages before it.
struct PasskeyRing {
  static let address = "https://caretaker.example.com"

  var authenticator: SoftwareAuthenticator
  let person: Int64

  init(of person: Person, id: String = "credential") {
    self.person = person.id
    authenticator = SoftwareAuthenticator()
    authenticator.id = Array("\(id)-\(person.id)".utf8)
    authenticator.host = "caretaker.example.com"
    authenticator.origin = Self.address
  }

  /// What the script fills into a form that goes to `path`.
  func answer(
    _ offer: String, to path: String, about bound: String = "", handle: Int64? = nil
  ) -> String {
    let signed = authenticator.sign(Self.challenge(offer, path, bound))
    return join(
      offer,
      [
        authenticator.id, signed.clientData, signed.data, signed.signature,
        Array("person-\(handle ?? person)".utf8),
      ])
  }

  /// The same for a passkey that is made.
  func made(_ offer: String, at path: String = "/account/factors/passkeys") -> String {
    let made = authenticator.register(Self.challenge(offer, path, ""))
    return join(offer, [made.clientData, made.data])
  }

  private static func challenge(_ offer: String, _ path: String, _ bound: String) -> [UInt8] {
    SHA256.digest(Array("passkey-v1\n\(offer)\n\(path)\n\(bound)".utf8))
  }

  private func join(_ offer: String, _ parts: [[UInt8]]) -> String {
    ([offer] + parts.map(Base64URL.encode)).joined(separator: ".")
  }
}

extension Response {
  /// The offer that a passkey may answer on the page.
  func offer(_ name: String = "passkey") throws -> String {
    let mark = try #require(text.range(of: "name=\"\(name)\" data-offer=\""))
    return String(text[mark.upperBound...].prefix { $0 != "\"" })
  }
}

extension Stage {
  /// A stage whose portal has an address that browsers make passkeys for.
  static func withAddress() throws -> Stage {
    try Stage(notices: NoticePlaces(address: PasskeyRing.address, site: "blog"))
  }

  /// Adds a passkey with the password, as its owner does on the page.
  func addPasskey(
    of login: String, by browser: Browser, label: String = "laptop"
  ) async throws -> (ring: PasskeyRing, recovery: [String]) {
    let ring = PasskeyRing(of: try person(login))
    let page = await browser.get("/account/factors")
    let response = await browser.post(
      "/account/factors/passkeys",
      [
        "label": label, "password": Self.password,
        "new_passkey": ring.made(try page.offer("new_passkey")),
      ])
    #expect(response.status == .ok)
    return (ring, Self.recoveryCodes(on: response))
  }
}
