extension Check {
  /// What the log is held to.
  static let logs: [Check] =
    [
      Check(
        "logs.retention", of: LogFacts.self, .attention, expects: "Lines are kept for a set time",
        why: "Years of readers' addresses are a liability, and storage is paid monthly."
      ) { facts, estate in
        let lower = Mend("logs.retention", ["days": "90"])
        guard let days = facts.retentionDays else {
          return .fail("Log lines are kept for ever.", remedy: "Set a retention.", mend: lower)
        }
        if let declared = estate[StackFacts.self].facts?.logRetentionDays, declared != days {
          let isSensible = declared <= Expectation.logRetentionDaysMax
          return .fail(
            "Log lines are kept \(Span.words(days: days)); the stack says \(declared).",
            remedy: isSensible
              ? "Set it to what the stack says, or change the CDK code."
              : "Change the CDK code to \(days) too: the next deployment puts \(declared) back.",
            mend: isSensible ? Mend("logs.retention", ["days": String(declared)]) : nil)
        }
        return .met(
          days <= Expectation.logRetentionDaysMax, "Log lines are kept \(Span.words(days: days)).",
          else: "Log lines are kept for \(Span.words(days: days)).",
          remedy: "Lower it to 90 days, unless somebody needs them.", mend: lower)
      }
    ] + LogSignature.all.filter { $0 != .mailFrom }.map(signature)

  private static func signature(_ signature: LogSignature) -> Check {
    Check(
      "ghost.\(signature.id)", of: LogFacts.self, signature.severity,
      expects: "Not in the last hour's log: “\(signature.phrase)”", why: signature.meaning
    ) { facts, _ in
      let count = facts.signatures[signature.id] ?? 0
      if count == 0, !facts.isComplete {
        return .noData("The last hour has more lines than were looked at.")
      }
      return .met(
        count == 0, "Not seen in the last hour.",
        else: "“\(signature.phrase)” \(count == 1 ? "once" : "\(count) times") in an hour.",
        remedy: signature.remedy)
    }
  }
}
