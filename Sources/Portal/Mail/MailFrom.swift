import AWS
import Rules

extension ChangeKind {
  /// The domain that bounces of the blog's mail go to.
  static let mailFrom = ChangeKind(
    id: "ses.mail-from", label: "MAIL FROM domain",
    about: "The domain that bounces go to. One below the blog's own makes SPF line up with the "
      + "sender; its MX and TXT records are changes of their own.",
    subject: .identities,
    form: { estate in
      let facts = estate[IdentityFacts.self].facts
      return [
        FormField(
          "domain", "Domain", .text,
          hint: "Below \(facts?.domain ?? "the blog's domain"). Empty for SES's own.",
          value: facts?.own?.mailFrom ?? facts.map { "bounce.\($0.domain)" } ?? "")
      ]
    },
    plan: { means, asked in
      let facts = try await means.cloud.identityFacts(try await means.ids(at: asked.site))
      guard let own = facts.own else {
        throw PlanProblem("\(facts.domain) is no identity of SES. Verify it there first.")
      }
      let domain = asked.field("domain").lowercased()
      guard domain.isEmpty || domain.hasSuffix(".\(own.name)") else {
        throw PlanProblem("Write a domain below \(own.name), bounce.\(own.name) for example.")
      }
      return try Setting(
        kind: "ses.mail-from", label: "MAIL FROM domain of \(own.name)", field: MailFrom.field,
        before: own.mailFrom ?? MailFrom.usual, after: domain.isEmpty ? MailFrom.usual : domain,
        guarding: .guarded, lock: "ses:identity:\(own.name)", parameters: ["identity": own.name],
        step: Step(
          service: "ses", operation: "PutEmailIdentityMailFromAttributes",
          words: domain.isEmpty ? "Go back to SES's own domain" : "Set \(domain)",
          parameters: ["EmailIdentity": own.name, "MailFromDomain": domain], recovery: .setTo),
        effects: domain.isEmpty
          ? ["SPF no longer lines up with the sender, and DMARC hangs on DKIM alone."]
          : [
            "Until \(domain) has an MX record with \(facts.feedbackServer), SES goes on with its "
              + "own domain.",
            "AWS looks for the record for 72 hours. The finding leads to it when this is done.",
          ],
        inverse: ["domain": own.mailFrom ?? ""]
      ).plan(for: asked)
    },
    read: { means, plan in
      let identity = try await means.cloud.ses.getEmailIdentity(plan.parameters["identity"] ?? "")
      return [MailFrom.field: identity.mailFromDomain ?? MailFrom.usual]
    },
    perform: { means, _, step, _ in
      let domain = step.parameters["MailFromDomain"] ?? ""
      try await means.cloud.ses.putMailFrom(
        domain.isEmpty ? nil : domain, of: step.parameters["EmailIdentity"] ?? "")
      return "SES took it."
    })
}

/// What is read of the MAIL FROM domain.
enum MailFrom {
  static let field = "mail.from_domain"
  static let usual = "SES's own"
}
