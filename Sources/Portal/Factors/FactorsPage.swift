import Mustache
import QR
import Rules

/// A person's own second factor: how to add one, or what there is and how it is removed.
struct FactorsPage: Page {
  /// Since when they have one; nil without.
  let since: When?
  let codesLeft: Int
  /// New recovery codes, shown this once.
  let codes: [String]
  /// What may be added; nil when there is a factor.
  let offer: FactorOffer?
  let problem: String
  /// Whether they sign in elsewhere alone.
  let signsInElsewhere: Bool

  static let template = "factors/show"
  static let section: Section? = nil
  var title: String { (problem.isEmpty ? "" : "Error: ") + "Second factor" }

  private var state: String {
    guard since != nil else {
      return signsInElsewhere
        ? "You have no password here, and nothing yet to confirm a decision with."
        : "Your password alone signs you in."
    }
    let left = codesLeft == 1 ? "1 recovery code is" : "\(codesLeft) recovery codes are"
    let first = signsInElsewhere ? "through OpenID" : "with your password"
    return "You sign in \(first) and a code. \(left) left."
  }

  private var side: Int { (offer?.code?.size ?? 0) + 2 * QRCode.quietZone }

  static let fields: [Field<FactorsPage>] = [
    .text("state", { $0.state }), .text("problem", { $0.problem }),
    .item("since", { $0.since }),
    .flag("anyCodes", { !$0.codes.isEmpty }), .list("codes", { $0.codes.map(Sentence.init) }),
    .flag("offers", { $0.offer != nil }),
    .text("offer", { $0.offer?.sealed ?? "" }), .text("letters", { $0.offer?.letters ?? "" }),
    .text("address", { $0.offer?.address ?? "" }),
    .text("side", { String($0.side) }), .text("modules", { $0.offer?.code?.path ?? "" }),
  ]
}
