extension Check {
  /// What the stack is held to.
  static let stack: [Check] = [
    Check(
      "cfn.status", of: StackFacts.self, .danger, expects: "The stack is settled",
      why: "A stack that failed or is stuck can't be deployed."
    ) { facts, _ in
      .met(
        settled.contains(facts.status) || facts.status.hasSuffix("_IN_PROGRESS"),
        "It is \(facts.status).", else: "It is \(facts.status). \(facts.reason)",
        remedy: StackStatus.remedy(facts.status),
        mend: facts.status == "UPDATE_ROLLBACK_FAILED" ? Mend("cfn.continue-rollback") : nil)
    },
    Check(
      "cfn.drift", of: StackFacts.self, .attention, expects: "What runs is what the code says",
      why: "The next deployment puts the template's values back, whatever was changed by hand."
    ) { facts, _ in
      switch facts.drift {
      case "IN_SYNC": .pass("Nothing differs from the template.")
      case "DRIFTED":
        .fail(
          "Resources differ from the template.",
          remedy: "Change the CDK code to what runs, or deploy to put the code's values back.")
      default: .noData("Drift has not been looked for yet.")
      }
    },
    Check(
      "cfn.termination-protection", of: StackFacts.self, .attention,
      expects: "The stack refuses to be deleted",
      why: "One command deletes everything it holds."
    ) { facts, _ in
      .met(
        facts.isProtected, "Termination protection is on.", else: "The stack can be deleted.",
        remedy: "Turn on termination protection.",
        mend: Mend("cfn.termination-protection", ["protection": "on"]))
    },
  ]

  private static let settled: Set = [
    "CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_ROLLBACK_COMPLETE",
  ]
}
