import Cryptography
import Mustache
import QR
import Rules

/// A person's own second factors: how to add one, or what there is and how it is removed.
struct FactorsPage: Page {
  let person: Person
  /// Since when they have the codes of an app; nil without.
  let since: When?
  let codesLeft: Int
  /// New recovery codes, shown this once.
  let codes: [String]
  /// What may be added; nil when there are codes of an app.
  let offer: FactorOffer?
  let passkeys: [PasskeyStore.Stored]
  /// The name that was typed for another passkey.
  let label: String
  /// Why browsers make no passkeys here; empty where they do.
  let obstacle: String
  let problems: [Mistake]
  /// Whether they sign in elsewhere alone.
  let signsInElsewhere: Bool
  /// Whether nothing else is shown without one.
  let isRequired: Bool
  let now: Moment

  static let template = "factors/show"
  static let section: Section? = nil
  var title: String { "Second factor" }

  private var state: String {
    guard !isRequired || since != nil || !passkeys.isEmpty else {
      return "A second factor is needed here. Nothing else is shown before you have added one."
    }
    let left = codesLeft == 1 ? "1 recovery code is" : "\(codesLeft) recovery codes are"
    let first = signsInElsewhere ? "through OpenID" : "with your password"
    let means =
      switch (since == nil, passkeys.isEmpty) {
      case (true, true):
        signsInElsewhere
          ? "You have no password here, and nothing yet to confirm a decision with."
          : "Your password alone signs you in."
      case (false, true): "You sign in \(first) and a code."
      case (true, false): "You sign in with a passkey."
      case (false, false): "You sign in with a passkey, or \(first) and a code."
      }
    return since == nil && passkeys.isEmpty ? means : "\(means) \(left) left."
  }

  private var side: Int { (offer?.code?.size ?? 0) + 2 * QRCode.quietZone }

  static let fields: [Field<FactorsPage>] = [
    .text("state", { $0.state }),
    .item("since", { $0.since }),
    .flag("anyCodes", { !$0.codes.isEmpty }), .list("codes", { $0.codes.map(Sentence.init) }),
    .flag("offers", { $0.offer != nil }),
    .text("offer", { $0.offer?.sealed ?? "" }), .text("letters", { $0.offer?.letters ?? "" }),
    .text("address", { $0.offer?.address ?? "" }),
    .flag("anyPasskey", { !$0.passkeys.isEmpty }),
    .list("passkeys", { page in page.passkeys.map { PasskeyLine($0, now: page.now) } }),
    .text(
      "known",
      { page in
        page.passkeys.map { Base64URL.encode($0.credentialID) }.joined(separator: " ")
      }),
    .text("handle", { Base64URL.encode(PasskeyAnswer.handle(of: $0.person.id)) }),
    .text("login", { $0.person.login }), .text("label", { $0.label }),
    .text("obstacle", { $0.obstacle }),
    .text("labelLengthMax", { _ in String(Portal.passkeyLabelLengthMax) }),
    .text("side", { String($0.side) }), .text("modules", { $0.offer?.code?.path ?? "" }),
  ]
}
