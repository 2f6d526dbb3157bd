import HTTP
import Rules

/// What is not right with a form that was sent.
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
}

extension Mistake {
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
    case .findingIncomplete: form["found"] == nil ? "found" : "note"
    case .nameNotTyped: "typed"
    case .timeHasPassed, .clockTypesNoName: "run_at"
    case .holdsSecret: form.fields.first { SecretScan.find(in: $0.value) != nil }?.name
    default: nil
    }
  }
}
