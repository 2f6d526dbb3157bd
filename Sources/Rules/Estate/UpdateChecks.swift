extension Check {
  /// How long a change set may wait before it is old: the longer, the likelier that the stack has
  /// moved under it.
  static let changeSetAgeMsMax = Span.day

  /// What change sets are held to.
  static let changeSets: [Check] = [
    Check(
      "cfn.waiting-change-set", of: ChangeSetFacts.self, .attention,
      expects: "No change set waits for longer than a day",
      why: "An update that nobody executes is forgotten, and obsolete with the next one."
    ) { facts, estate in
      let oldest = facts.sets.last {
        $0.isAvailable && estate.now.since($0.createdAt ?? estate.now) > changeSetAgeMsMax
      }
      guard let oldest else { return .pass("None waits for long.") }
      return .fail(
        "“\(oldest.name)” waits since \(oldest.createdAt?.words ?? "long ago"): \(oldest.counts).",
        remedy: "Execute it, or delete it in CloudFormation.",
        mend: Mend("cfn.execute", ["arn": oldest.arn]))
    }
  ]

  /// What acts in the account are held to.
  static let trail: [Check] = [
    Check(
      "trail.past-caretaker", of: TrailFacts.self, .attention,
      expects: "What the stack holds is changed by changes",
      why: "Nobody agreed to what is done at the console, and nobody knows of it afterwards."
    ) { facts, _ in
      guard let last = facts.acts.last(where: { facts.outside.contains($0.id) }) else {
        return .pass("No act since \(facts.since.words) was made past Caretaker.")
      }
      return .fail(
        "\(last.service) \(last.operation) on \(last.resource), \(last.at.words): no change of "
          + "Caretaker's made it.",
        remedy: "Ask who did it, and review it under Audit, Review.")
    }
  ]
}
