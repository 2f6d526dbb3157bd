import Cryptography
import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Stores a previewed plan: as a change that waits for somebody else, or as the next revision of
  /// one. Sent twice, it is one.
  func proposeChange(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let seal = visit.field("seal")
    guard let bytes = Base64URL.decode(visit.field("plan")), let plan = Plan(bytes: bytes),
      Seal(key: sealKey).isValid(seal, plan: bytes, person: person.id, at: visit.now)
    else { throw Failure.previewGone }
    let reason = visit.field("reason")
    if let problem = mistake(in: reason, visit.form) {
      return try await preview(plan, bytes: bytes, seal: seal, problems: [problem], for: visit)
    }
    let draft = Int64(visit.field("draft"))
    let asked = visit.carried
    let stored = try await storage.write { [now = visit.now] db in
      let house = try HouseStore.house(at: now, in: db)
      let stored = try Self.store(
        plan, bytes: bytes, asked, by: person, reason: reason, in: house, db)
      if let draft { try DraftStore.use(draft, for: stored.number, at: now, in: db) }
      return stored
    }
    return .seeOther("/changes/\(stored.number)", saying: stored.message)
  }

  private func mistake(in reason: String, _ form: Form) -> Mistake? {
    guard reason.unicodeScalars.count <= Self.reasonLengthMax else {
      return Mistake(
        "The reason is longer than \(Self.reasonLengthMax) characters. Nothing was proposed; "
          + "shorten it.", at: "reason")
    }
    let refusal: Refusal? =
      reason.isEmpty ? .reasonMissing : SecretScan.find(in: reason).map(Refusal.holdsSecret)
    return refusal.map { Mistake($0, in: form) }
  }

  private static func store(
    _ plan: Plan, bytes: [UInt8], _ asked: [String: String], by person: Person, reason: String,
    in house: House, _ db: Database
  ) throws -> (number: Int64, message: Message) {
    guard let change = try ChangeStore.find(id: plan.change, in: db) else {
      let state = try Change.checkProposal(of: plan, by: person, reason: reason, in: house)
      let number = try ChangeStore.insert(
        plan, bytes: bytes, as: state, by: person, reason: reason, in: house, db)
      try AskedStore.keep(asked, of: plan.change, in: db)
      return (number, state == .approved ? .ready : .proposed)
    }
    let message: Message = plan.terms.revision > 1 ? .revised : .proposed
    if change.digest == ChangeStore.digest(of: bytes) { return (change.number, message) }
    if plan.terms.revision <= change.plan.terms.revision,
      try ChangeStore.holds(bytes, of: change, in: db)
    {
      return (change.number, message)
    }
    let state = try change.checkRevision(to: plan, by: person, reason: reason, in: house)
    try ChangeStore.revise(
      change, to: plan, bytes: bytes, as: state, by: person, reason: reason, in: house, db)
    try AskedStore.keep(asked, of: plan.change, in: db)
    return (change.number, .revised)
  }

  /// The longest reason or note, in characters.
  static let reasonLengthMax = 2_000
}

extension Failure {
  static let previewGone = Failure(
    status: .conflict, title: "Preview it again",
    sentence: "The preview is too old, or not yours. Nothing was proposed. "
      + "Go back to the form and preview it again.")
}
