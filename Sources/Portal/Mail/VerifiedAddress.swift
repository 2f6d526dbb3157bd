import AWS
import Rules

extension ChangeKind {
  /// An address that SES may write to while it is in the sandbox.
  static let verifiedAddress = ChangeKind(
    id: "ses.identity", label: "Verify an address",
    about: "AWS writes to the address, and once the link in that mail is pressed, SES delivers to "
      + "it also from the sandbox. For staff, until production access is there.",
    subject: .identities,
    form: { _ in [FormField("address", "Address", .text, hint: "A person's, jo@example.com.")] },
    plan: { means, asked in
      let address = asked.field("address")
      guard MailAddress(address) != nil else {
        throw PlanProblem("Write one address, jo@example.com.")
      }
      let known = try await means.cloud.ses.listEmailIdentities()
      return try Setting(
        kind: "ses.identity", label: "Address \(address) with SES", field: VerifiedAddress.field,
        before: known.contains(address) ? "asked" : "none", after: "asked", guarding: .logged,
        lock: "ses:identity:\(address)", parameters: ["address": address],
        step: Step(
          service: "ses", operation: "CreateEmailIdentity", words: "Have AWS write to it",
          parameters: ["EmailIdentity": address], recovery: .setTo),
        effects: ["SES delivers to it once the link in AWS's mail is pressed, within 24 hours."],
        inverse: nil
      ).plan(for: asked)
    },
    read: { means, plan in
      let known = try await means.cloud.ses.listEmailIdentities()
      return [
        VerifiedAddress.field: known.contains(plan.parameters["address"] ?? "") ? "asked" : "none"
      ]
    },
    perform: { means, _, step, _ in
      try await means.cloud.ses.createIdentity(step.parameters["EmailIdentity"] ?? "")
      return "AWS writes to it."
    })
}

/// What is read of an address.
enum VerifiedAddress {
  static let field = "mail.address"
}
