import Cryptography
import Foundation
import QR
import Rules

/// A secret that a person may give their app: as an address, as letters and as a QR code.
struct FactorOffer: Sendable {
  /// The longest name in an address, in its bytes, so that the QR code holds it.
  private static let nameBytesMax = 100

  /// The secret as it travels in the form.
  let sealed: String
  /// The secret in groups of four letters, for who types it.
  let letters: String
  /// `otpauth://totp/…`, the form that apps read.
  let address: String
  let code: QRCode?

  init(sealed: String, secret: Secret, login: String) {
    self.sealed = sealed
    let text = Base32.encode(secret.bytes)
    let characters = Array(text)
    letters = stride(from: 0, to: characters.count, by: 4)
      .map { String(characters[$0..<min($0 + 4, characters.count)]) }.joined(separator: " ")
    var name = login
    while percentEncoded(name).utf8.count > Self.nameBytesMax { name.removeLast() }
    address =
      "otpauth://totp/Caretaker:\(percentEncoded(name))?secret=\(text)&issuer=Caretaker"
    code = QRCode(address)
  }
}
