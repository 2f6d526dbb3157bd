import Mustache

/// One field of the form of a kind of change.
struct FormField: Sendable {
  /// How it is filled in.
  enum Control: Sendable {
    case text
    case area
    case number
    /// One of a list, as value and label.
    case choice([(value: String, label: String)])
    /// Given with the address, not shown.
    case hidden
  }

  let name: String
  let label: String
  let hint: String
  let control: Control
  /// What stands in it at first; for a choice, the one that is so now.
  let value: String

  init(_ name: String, _ label: String, _ control: Control, hint: String = "", value: String = "") {
    self.name = name
    self.label = label
    self.hint = hint
    self.control = control
    self.value = value
  }

  /// On or off.
  static func toggle(_ name: String, _ label: String, isOn: Bool, hint: String = "") -> FormField {
    FormField(
      name, label, .choice([("on", "On"), ("off", "Off")]), hint: hint, value: isOn ? "on" : "off")
  }

  static func hidden(_ name: String) -> FormField { FormField(name, "", .hidden) }
}

/// A field with what was typed in it.
struct FormFieldLine: TemplateData {
  let field: FormField
  let typed: String?

  static let fields: [Field<FormFieldLine>] = [
    .text("name", { $0.field.name }), .text("label", { $0.field.label }),
    .text("hint", { $0.field.hint }), .text("value", { $0.typed ?? $0.field.value }),
    .list("choices", { $0.choices }),
    .flag("isText", { if case .text = $0.field.control { true } else { false } }),
    .flag("isArea", { if case .area = $0.field.control { true } else { false } }),
    .flag("isNumber", { if case .number = $0.field.control { true } else { false } }),
    .flag("isHidden", { if case .hidden = $0.field.control { true } else { false } }),
    .flag("isChoice", { if case .choice = $0.field.control { true } else { false } }),
  ]

  private var choices: [Choice] {
    guard case .choice(let all) = field.control else { return [] }
    return all.map { entry in
      let isNow = entry.value == field.value
      return Choice(
        value: entry.value, label: isNow ? entry.label + " (as now)" : entry.label,
        isSelected: entry.value == typed ?? field.value)
    }
  }
}
