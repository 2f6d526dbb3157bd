extension Check {
  /// What the alarms are held to.
  static let alarms: [Check] = [
    Check(
      "cloudwatch.no-alarms", of: AlarmFacts.self, .danger, expects: "There are alarms",
      why: "Without one, the first to notice that the blog is down is a reader."
    ) { facts, _ in
      .met(
        !facts.alarms.isEmpty,
        facts.alarms.count == 1 ? "1 alarm." : "\(facts.alarms.count) alarms.",
        else: "There are no alarms.",
        remedy: "Set up alarms for tasks, database, load balancer and mail.",
        mend: Mend("cloudwatch.alarms"))
    },
    Check(
      "cloudwatch.alarm-drift", of: AlarmFacts.self, .attention,
      expects: "Alarms are as they were agreed to",
      why: "An alarm that somebody has set otherwise may stay silent when it should not."
    ) { facts, _ in
      let kept = facts.alarms.filter { $0.declared != nil }
      guard !kept.isEmpty else { return nil }
      let drifted = kept.filter(\.hasDrifted)
      return .met(
        drifted.isEmpty, "Every alarm that Caretaker has set is as it was set.",
        else: "Set otherwise meanwhile: \(drifted.map(\.name).joined(separator: ", ")).",
        remedy: "Find out who changed it, and set the alarms again.",
        mend: Mend("cloudwatch.alarms"))
    },
    Check(
      "cloudwatch.silent-alarms", of: AlarmFacts.self, .attention,
      expects: "Every alarm tells somebody",
      why: "An alarm without an action changes colour where nobody looks."
    ) { facts, _ in
      guard !facts.alarms.isEmpty else { return nil }
      let silent = facts.alarms.filter { !$0.tellsSomebody }
      return .met(
        silent.isEmpty, "Every alarm has an action.",
        else: "\(silent.count) of \(facts.alarms.count) alarms tell nobody.",
        remedy: "Give each alarm an SNS topic.",
        mend: silent.allSatisfy { $0.declared != nil } ? Mend("cloudwatch.alarms") : nil)
    },
    Check(
      "cloudwatch.in-alarm", of: AlarmFacts.self, .danger, expects: "No alarm is raised",
      why: "Somebody set the alarm because this matters."
    ) { facts, _ in
      guard !facts.alarms.isEmpty else { return nil }
      let raised = facts.alarms.filter { $0.state == "ALARM" }
      return .met(
        raised.isEmpty, "No alarm is raised.",
        else: "Raised: \(raised.map(\.name).joined(separator: ", ")).",
        remedy: "Look at what the alarm watches.")
    },
  ]

  /// What the topics are held to.
  static let topics: [Check] = [
    Check(
      "sns.unconfirmed", of: TopicFacts.self, .attention,
      expects: "Every subscription is confirmed",
      why: "Whoever has not confirmed is told nothing."
    ) { facts, _ in
      guard !facts.topics.isEmpty else { return nil }
      let waiting = facts.topics.filter { $0.pending > 0 }
      return .met(
        waiting.isEmpty, "Every subscription is confirmed.",
        else: "Subscriptions wait to be confirmed: \(waiting.map(\.name).joined(separator: ", ")).",
        remedy: "Have the subscriber press the link in AWS's mail, or have AWS send it again.",
        mend: waiting.first.flatMap { topic in
          topic.pendingAddress.map {
            Mend("sns.subscription", ["topic": topic.arn, "address": $0])
          }
        })
    },
    Check(
      "sns.nobody", of: TopicFacts.self, .attention, expects: "Every topic has a subscriber",
      why: "A topic without one swallows what alarms say."
    ) { facts, _ in
      guard !facts.topics.isEmpty else { return nil }
      let empty = facts.topics.filter { $0.confirmed == 0 && $0.pending == 0 }
      return .met(
        empty.isEmpty, "Every topic has a subscriber.",
        else: "Nobody subscribes to \(empty.map(\.name).joined(separator: ", ")).",
        remedy: "Subscribe the team's address.",
        mend: empty.first.map { Mend("sns.subscription", ["topic": $0.arn]) })
    },
  ]
}
