/// Changes, from the proposal to the end.
extension AuditEvent {
  /// A change was proposed. What it needs is in the log, so that the log alone can prove it had it.
  public static func changeProposed(
    number: Int64, digest: String, plan: Plan, reason: String
  ) -> AuditEvent {
    AuditEvent("change.proposed", change: number, revision(digest, plan, reason))
  }

  /// A change was given another plan; every vote so far is void.
  public static func changeRevised(
    number: Int64, digest: String, plan: Plan, reason: String
  ) -> AuditEvent {
    AuditEvent("change.revised", change: number, revision(digest, plan, reason))
  }

  /// The plan was given the prices of today, and every vote so far is void.
  public static func changeRepriced(
    number: Int64, digest: String, plan: Plan, why: String
  ) -> AuditEvent {
    AuditEvent("change.repriced", change: number, revision(digest, plan, why))
  }

  private static func revision(
    _ digest: String, _ plan: Plan, _ reason: String
  ) -> [String: Canonical] {
    [
      "digest": .string(digest), "title": .string(plan.title), "reason": .string(reason),
      "revision": .integer(plan.terms.revision), "guarding": .string(plan.guarding.rawValue),
      "approvals": .integer(plan.terms.requirement.approvals),
      "cooling_off_ms": .integer(plan.terms.requirement.coolingOffMs),
      "restores_service": .boolean(plan.restoresService),
    ]
  }

  /// A vote was cast or taken back.
  /// - Parameter proof: what the person confirmed it with; nil where nothing was asked for.
  public static func changeDecided(
    number: Int64, digest: String, decision: Vote.Decision, note: String, proof: Proof? = nil
  ) -> AuditEvent {
    let types: [Vote.Decision: String] = [
      .approve: "change.approved", .reject: "change.rejected", .withdraw: "change.vote_withdrawn",
    ]
    var data: [String: Canonical] = ["digest": .string(digest), "note": .string(note)]
    data["confirmed_by"] = proof.map { .string($0.rawValue) }
    return AuditEvent(types[decision] ?? "change.decided", change: number, data)
  }

  /// The requester took the change back.
  public static func changeWithdrawn(number: Int64) -> AuditEvent {
    AuditEvent("change.withdrawn", change: number)
  }

  /// Somebody stopped the change for good.
  public static func changeRevoked(number: Int64, note: String) -> AuditEvent {
    AuditEvent("change.revoked", change: number, ["note": .string(note)])
  }

  /// A person's act on a change was refused.
  public static func changeRefused(number: Int64, act: String, why: String) -> AuditEvent {
    AuditEvent("change.refused", change: number, ["act": .string(act), "why": .string(why)])
  }

  /// A run has begun.
  /// - Parameters:
  ///   - emergency: the emergency that stood in for an approval; nil without one.
  ///   - proof: what the person confirmed it with; nil where nothing was asked for.
  public static func runStarted(
    number: Int64, digest: String, approvers: [Int64], attempt: Int64, emergency: Int64?,
    proof: Proof? = nil
  ) -> AuditEvent {
    var data: [String: Canonical] = [
      "digest": .string(digest), "approvers": .array(approvers.map(Canonical.integer)),
      "attempt": .integer(attempt),
    ]
    data["emergency"] = emergency.map(Canonical.integer)
    data["confirmed_by"] = proof.map { .string($0.rawValue) }
    return AuditEvent("run.started", change: number, data)
  }

  /// A call is about to be made.
  public static func stepIntended(
    number: Int64, digest: String, attempt: Int64, step: Int64, call: String
  ) -> AuditEvent {
    AuditEvent(
      "step.intended", change: number,
      [
        "digest": .string(digest), "attempt": .integer(attempt), "step": .integer(step),
        "call": .string(call),
      ])
  }

  /// A call was answered, or is known not to have been made.
  public static func stepFinished(
    number: Int64, step: Int64, outcome: String, detail: String
  ) -> AuditEvent {
    AuditEvent(
      "step.finished", change: number,
      ["step": .integer(step), "outcome": .string(outcome), "detail": .string(detail)])
  }

  /// The change has a new state.
  public static func changeMoved(
    number: Int64, from: ChangeState, state: ChangeState, why: String
  ) -> AuditEvent {
    AuditEvent(
      "change.moved", change: number,
      [
        "before": .string(from.rawValue), "state": .string(state.rawValue), "why": .string(why),
      ])
  }

  /// A person said what became of a change whose outcome was unknown.
  public static func changeFound(number: Int64, state: ChangeState, note: String) -> AuditEvent {
    AuditEvent(
      "change.found", change: number,
      ["state": .string(state.rawValue), "note": .string(note)])
  }

  /// A change to come was noted down, to be previewed and proposed.
  public static func draftMade(number: Int64?, draft: Int64, kind: String) -> AuditEvent {
    AuditEvent(
      "draft.made", change: number, ["draft": .integer(draft), "kind": .string(kind)])
  }

  /// A draft was dropped.
  public static func draftDropped(draft: Int64) -> AuditEvent {
    AuditEvent("draft.dropped", ["draft": .integer(draft)])
  }
}
