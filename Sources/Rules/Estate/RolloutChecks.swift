extension Check {
  /// What rollouts are held to.
  static let rollouts: [Check] = [
    Check(
      "ecs.last-rollout", of: RolloutFacts.self, .danger,
      expects: "The last rollout brought what it was to bring",
      why: "A rollout that ECS rolled back has failed, also where the run that began it is green."
    ) { facts, _ in
      guard let last = facts.rollouts.first else { return .pass("There was none in 90 days.") }
      return .met(
        !last.hasFailed,
        last.isUnderWay ? "One is under way." : "The last one is \(last.status.lowercased()).",
        else: "The last one is \(last.statusWords). \(last.reason)",
        remedy: "Look at the stopped tasks, then deploy an image that is known to start.")
    },
    Check(
      "ecs.pinned", of: RolloutFacts.self, .attention, expects: "The stack names the running image",
      why: "The next infra-deploy that touches the service puts the template's image back, and "
        + "undoes what was rolled back."
    ) { _, estate in
      if let (named, running) = estate.pinnedOutsideStack {
        return .fail(
          "\(running) runs, and the template names \(named).",
          remedy: "Name \(running) in the CDK code, or fix main and deploy it, before the next "
            + "infra-deploy.")
      }
      guard estate[StackFacts.self].facts?.templateImage != nil, estate.runningDigests.count == 1,
        let digest = estate.runningDigests.first,
        estate[ImageFacts.self].facts?.image(digest) != nil
      else { return .noData("What runs, or what the template names, is not known.") }
      return .pass("The running image is the one the template names.")
    },
  ]
}

extension RolloutSummary {
  /// Its status as people say it.
  public var statusWords: String {
    switch status {
    case "PENDING": "waiting"
    case "IN_PROGRESS": "under way"
    case "SUCCESSFUL": "done"
    case "STOPPED": "stopped"
    case "STOP_REQUESTED": "being stopped"
    case "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS": "being rolled back"
    case "ROLLBACK_SUCCESSFUL": "rolled back"
    case "ROLLBACK_FAILED": "failed, and its roll-back too"
    default: status.lowercased().spoken
    }
  }
}
