import HTTP
import Mustache
import Rules

/// One thing that is not right with a form that was sent.
struct Mistake: Error, Equatable {
  /// What is wrong and what to do: the words of the summary, and those beside the control.
  let sentence: String
  /// The name of the control that it is about, or its id; nil where it is about the whole form.
  let field: String?

  init(_ sentence: String, at field: String? = nil) {
    self.sentence = sentence
    self.field = field
  }

  /// What a refusal says of a form.
  init(_ refusal: Refusal, in form: Form) {
    self.init(refusal.sentence, at: refusal.field(in: form))
  }

  /// Everything that a refusal says of a form: a finding may lack two things.
  static func all(_ refusal: Refusal, in form: Form) -> [Mistake] {
    guard refusal == .findingIncomplete else { return [Mistake(refusal, in: form)] }
    return [
      Portal.findings[form["found"] ?? ""] == nil
        ? Mistake("Say what you found.", at: "found") : nil,
      (form["note"] ?? "").isEmpty ? Mistake("Say what your finding rests on.", at: "note") : nil,
    ].compactMap { $0 }
  }
}

extension Mistake: TemplateData {
  static let fields: [Field<Mistake>] = [.text("sentence", { $0.sentence })]
}

/// A form that was not taken, with everything that is not right with it. A field has one mistake at
/// most, and none where it can't be judged because another one is wrong.
struct Mistakes: Error {
  let all: [Mistake]

  init(all: [Mistake]) { self.all = all }

  init(_ sentence: String, at field: String) { all = [Mistake(sentence, at: field)] }
}

extension Mistake {
  /// What is wrong with a reason; nil where nothing is.
  static func inReason(_ text: String, at field: String) -> Mistake? {
    if text.unicodeScalars.count > Portal.reasonLengthMax {
      return Mistake(
        "The reason is longer than \(Portal.reasonLengthMax) characters. Nothing was kept; shorten "
          + "it.", at: field)
    }
    let refusal: Refusal? = text.isEmpty ? .reasonMissing : Refusal.secret(in: [text])
    return refusal.map { Mistake($0.sentence, at: field) }
  }

  /// What is wrong with whoever is to answer for something; nil where nothing is.
  static func inOwner(_ owner: Person?) -> Mistake? {
    owner.map(\.isDisabled) ?? true ? Mistake("Choose who answers for it.", at: "owner") : nil
  }

  /// What a refusal says of the form of a review.
  init(_ refusal: ReviewRefusal) {
    self.init(refusal.sentence, at: refusal == .verdictMissing ? "verdict" : "note")
  }
}

extension Form {
  /// What was typed in a field, to be shown again; empty where it looks like a secret.
  func shown(_ name: String) -> String {
    let text = self[name] ?? ""
    return SecretScan.find(in: text) == nil ? text : ""
  }
}

extension Refusal {
  /// The field of a form that typing again may mend.
  fileprivate func field(in form: Form) -> String? {
    switch self {
    case .wrongPassword, .passwordWeakAlone: "password"
    case .wrongCode: "code"
    case .reasonMissing: form["reason"] == nil ? "note" : "reason"
    case .rejectionNeedsReason: "note"
    case .nameNotTyped: "typed"
    case .timeHasPassed, .clockTypesNoName: "run_at"
    case .holdsSecret: form.fields.first { SecretScan.find(in: $0.value) != nil }?.name
    default: nil
    }
  }
}
