import Mustache
import Rules

/// A passkey as its owner sees it.
struct PasskeyLine: TemplateData {
  let number: String
  let label: String
  let added: TimeLine
  let used: TimeLine

  init(_ passkey: PasskeyStore.Stored, now: Moment) {
    number = String(passkey.id)
    label = passkey.label
    added = TimeLine(passkey.addedAt, now: now)
    used = TimeLine(passkey.lastUsedAt, now: now)
  }

  static let fields: [Field<PasskeyLine>] = [
    .text("number", { $0.number }), .text("label", { $0.label }),
    .item("added", { $0.added }), .item("used", { $0.used }),
  ]
}
