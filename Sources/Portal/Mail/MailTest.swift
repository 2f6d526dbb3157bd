import AWS
import Rules

extension ChangeKind {
  /// One mail, to see what becomes of it.
  static let mailTest = ChangeKind(
    id: "ses.test", label: "A test mail",
    about: "Sends one mail as Ghost would. In the sandbox it goes to verified addresses and to "
      + "Amazon's mailbox simulator only.",
    subject: .mail,
    form: { _ in
      [
        FormField(
          "to", "To", .text,
          hint: MailReadiness.simulators.map { "\($0)@\(MailReadiness.simulatorDomain)" }
            .joined(separator: ", ") + ", or an address of your own.")
      ]
    },
    plan: { means, asked in
      let to = asked.field("to")
      guard MailAddress(to) != nil else {
        throw PlanProblem("Write one address, \(MailTest.success) for example.")
      }
      let (service, identities) = try await means.storage.read { [site = asked.site.name] db in
        (
          try ObservationStore.facts(ServiceFacts.self, site: site, in: db)?.facts,
          try ObservationStore.facts(IdentityFacts.self, site: site, in: db)?.facts
        )
      }
      guard let domain = identities?.domain else {
        throw PlanProblem("The identities of SES have not been read, so the sender is not known.")
      }
      let from = service?.mailFrom ?? "noreply@\(domain)"
      let message = OneMessage(
        kind: "ses.test", title: "Send a test mail to \(to)", lock: "ses:\(asked.site.region)",
        step: Step(
          service: "ses", operation: "SendEmail", words: "Send it",
          parameters: [
            "From": from, "To": to, "Subject": "Test mail of \(asked.site.name)",
            "Text": "This is a test mail, sent by Caretaker as \(from). Nothing is wrong.",
          ], recovery: .oneShot),
        effects: [
          to.hasSuffix("@" + MailReadiness.simulatorDomain)
            ? "The simulator answers with what its name says. It does not count against you."
            : "It can't be called back."
        ])
      return message.plan(for: asked, parameters: ["to": to])
    },
    read: { means, plan in try await means.sent(plan) },
    perform: { means, _, step, _ in
      func text(_ name: String) -> String { step.parameters[name] ?? "" }
      let id = try await means.cloud.ses.sendEmail(
        from: text("From"), to: text("To"), subject: text("Subject"), text: text("Text"))
      return "SES took it as \(id)."
    })
}

/// Where a test mail goes first.
enum MailTest {
  static let success = "success@\(MailReadiness.simulatorDomain)"
}
