import Mustache
import Rules

/// A state in one word, with its tone and the shape that goes with it.
struct Tag: TemplateData {
  let tone: String
  let icon: String
  let word: String

  static let fields: [Field<Tag>] = [
    .text("tone", { $0.tone }), .text("icon", { $0.icon }), .text("word", { $0.word }),
  ]

  init(_ tone: String, _ word: String, icon: String? = nil) {
    self.tone = tone
    self.icon = icon ?? tone
    self.word = word
  }

  init(_ health: Health, _ word: String? = nil) {
    self.init(health.tone, word ?? health.word)
  }

  init(_ state: ChangeState) {
    switch state {
    case .pending: self.init("attention", state.words, icon: "waiting")
    case .approved: self.init("attention", state.words, icon: "waiting")
    case .executing, .verifying: self.init("attention", state.words, icon: "running")
    case .unknown: self.init("unknown", state.words)
    case .succeeded: self.init("good", state.words)
    case .failedNoEffect, .failedPartial: self.init("danger", state.words)
    case .rejected, .withdrawn, .revoked, .expired, .stale: self.init("neutral", state.words)
    }
  }
}

/// An identifier that may be too long: its end stays, its middle gives way.
struct Cut: TemplateData {
  let whole: String
  let head: String
  let tail: String

  /// How many characters at the end always stay.
  static let tailLength = 12

  static let fields: [Field<Cut>] = [
    .text("whole", { $0.whole }), .text("head", { $0.head }), .text("tail", { $0.tail }),
  ]

  init(_ text: String) {
    whole = text
    tail = text.count > 2 * Self.tailLength ? String(text.suffix(Self.tailLength)) : ""
    head = String(text.dropLast(tail.count))
  }
}

/// One sentence of a list.
struct Sentence: TemplateData {
  let text: String
  static let fields: [Field<Sentence>] = [.text("text", { $0.text })]
}

/// A field before and after; either side may be missing.
struct DiffLine: TemplateData {
  let label: String
  let before: String
  let after: String
  /// What was seen live, where that is being found out.
  var seen = ""

  static let fields: [Field<DiffLine>] = [
    .text("label", { $0.label }), .text("before", { $0.before }), .text("after", { $0.after }),
    .text("seen", { $0.seen }),
    .item("cut", { $0.after.count > 48 && !$0.after.contains(" ") ? Cut($0.after) : nil }),
  ]

  /// What a plan changes: every field that is to have another value than it has.
  static func lines(of plan: Plan, seen: [String: String] = [:]) -> [DiffLine] {
    plan.expected.compactMap { reading in
      guard let before = plan.before(reading.field), before != reading.value else { return nil }
      return DiffLine(
        label: reading.label, before: before, after: reading.value,
        seen: seen[reading.field] ?? "")
    }
  }
}

/// One call of a plan, as it is and in words.
struct StepLine: TemplateData {
  let words: String
  let call: String
  let parameters: [DiffLine]
  /// Whether the plan has no other.
  let isOnly: Bool

  static let fields: [Field<StepLine>] = [
    .text("words", { $0.words }), .text("call", { $0.call }),
    .list("parameters", { $0.parameters }), .flag("toBeRead", { $0.isToBeRead }),
  ]

  /// From how many characters on a parameter is a text that people have to read before they agree.
  private static let textLength = 200
  private var isToBeRead: Bool {
    isOnly && parameters.contains { $0.after.count > Self.textLength }
  }

  /// The calls of a plan.
  static func lines(of plan: Plan) -> [StepLine] {
    plan.steps.map { StepLine($0, isOnly: plan.steps.count == 1) }
  }

  private init(_ step: Step, isOnly: Bool) {
    words = step.words
    self.isOnly = isOnly
    call = "\(step.service):\(step.operation)"
    parameters = step.parameters.sorted { $0.key < $1.key }.map {
      DiffLine(label: $0.key, before: "", after: $0.value)
    }
  }
}

/// One choice of a select.
struct Choice: TemplateData {
  let value: String
  let label: String
  let isSelected: Bool

  static let fields: [Field<Choice>] = [
    .text("value", { $0.value }), .text("label", { $0.label }),
    .flag("selected", { $0.isSelected }),
  ]

  init(value: String, label: String, isSelected: Bool) {
    self.value = value
    self.label = label
    self.isSelected = isSelected
  }

  /// A choice of a setting; the one that is so now says so.
  init(_ value: String, _ label: String, now: Bool, typed: String? = nil) {
    self.init(
      value: value, label: now ? label + " (as now)" : label,
      isSelected: typed.map { $0 == value } ?? now)
  }
}

extension Health {
  /// The tone it is shown in.
  var tone: String {
    switch self {
    case .good: "good"
    case .unknown: "unknown"
    case .attention: "attention"
    case .danger: "danger"
    }
  }
}
