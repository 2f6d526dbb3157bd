import AWS
import Rules

extension ChangeKind {
  /// Somebody more that a topic tells by mail.
  static let subscription = ChangeKind(
    id: "sns.subscription", label: "Who a topic tells",
    about: "Has a topic write to an address, once whoever reads it has pressed the link in AWS's "
      + "mail. For an address that has not, AWS sends that mail again.",
    subject: .topics,
    form: { estate in
      let topics = estate[TopicFacts.self].facts?.topics ?? []
      return [
        FormField("topic", "Topic", .choice(topics.map { ($0.arn, $0.name) })),
        FormField("address", "Address", .text, hint: "A list of the team's, ops@example.com."),
      ]
    },
    plan: { means, asked in
      let (topic, address) = (asked.field("topic"), asked.field("address"))
      let mistakes = [
        topic.hasPrefix("arn:") ? nil : Mistake("Choose a topic.", at: "topic"),
        MailAddress(address) == nil
          ? Mistake("Write an address of mail, ops@example.com.", at: "address") : nil,
      ].compactMap { $0 }
      guard mistakes.isEmpty else { throw PlanProblem(mistakes) }
      let known = try await means.cloud.subscription(of: address, to: topic)
      guard known?.isPending ?? true else {
        throw PlanProblem("It tells \(address) already.", at: "address")
      }
      let name = SiteIDs.name(in: topic)
      let isAgain = known != nil
      return Plan(
        change: asked.change, kind: "sns.subscription", site: asked.site.name,
        title: isAgain
          ? "Ask \(address) again to confirm \(name)" : "Have \(name) tell \(address)",
        guarding: .logged, parameters: ["topic": topic, "address": address],
        locks: ["sns:\(topic)"],
        preconditions: [Reading(Subscriptions.field, "\(name) to \(address)", known.word)],
        steps: [.subscribe(address, to: topic)],
        expected: [
          Reading(Subscriptions.field, "\(name) to \(address)", Subscriptions.asked)
        ], failure: [], verifyWithinMs: Setting.verifyWithinMs,
        effects: ["It is told nothing until the link in AWS's mail is pressed."], cost: .none)
    },
    read: { means, plan in
      [
        Subscriptions.field: try await means.cloud.subscription(
          of: plan.parameters["address"] ?? "", to: plan.parameters["topic"] ?? ""
        ).word
      ]
    },
    perform: { means, _, step, _ in try await means.cloud.setAlarm(step) })

  /// A message to everybody a topic tells, to see that it comes.
  static let topicTest = ChangeKind(
    id: "sns.test", label: "Test of a topic",
    about: "Sends one message to everybody the topic tells, which says that it is a test.",
    subject: .topics,
    form: { estate in
      let topics = estate[TopicFacts.self].facts?.topics ?? []
      return [FormField("topic", "Topic", .choice(topics.map { ($0.arn, $0.name) }))]
    },
    plan: { means, asked in
      let topic = asked.field("topic")
      guard topic.hasPrefix("arn:") else { throw PlanProblem("Choose a topic.") }
      let all = try await means.cloud.sns.listSubscriptions(of: topic)
      let told = all.filter { !$0.isPending }
      guard !told.isEmpty else {
        throw PlanProblem(
          "Nobody is told by it: \(count(all.count, "subscription")), none confirmed. Have "
            + "somebody confirm first.", at: "topic")
      }
      let name = SiteIDs.name(in: topic)
      return OneMessage(
        kind: "sns.test", title: "Send a test to \(count(told.count, "subscriber")) of \(name)",
        lock: "sns:\(topic)",
        step: Step(
          service: "sns", operation: "Publish", words: "Send the test",
          parameters: [
            "TopicArn": topic, "Subject": "Test of \(name)",
            "Message": "This is a test of the topic \(name), sent by Caretaker. Nothing is wrong.",
          ], recovery: .oneShot),
        effects: ["Each of them gets one message. It can't be called back."]
      ).plan(for: asked)
    },
    read: { means, plan in try await means.sent(plan) },
    perform: { means, _, step, _ in
      let id = try await means.cloud.sns.publish(
        step.parameters["Message"] ?? "", subject: step.parameters["Subject"] ?? "",
        to: step.parameters["TopicArn"] ?? "")
      return "SNS took it as \(id)."
    })
}

/// What is read of a subscription.
enum Subscriptions {
  static let field = "topic.subscription"
  static let asked = "asked"
}

extension Cloud {
  fileprivate func subscription(
    of address: String, to topic: String
  ) async throws -> SNS.Subscription? {
    try await sns.listSubscriptions(of: topic).first { $0.endpoint == address }
  }
}

extension SNS.Subscription? {
  /// As a reading has it. Whether its subscriber has confirmed is not for a change to say.
  fileprivate var word: String { self == nil ? AlarmBundle.none : Subscriptions.asked }
}
