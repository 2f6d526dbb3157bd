import AWS
import Rules

extension ChangeKind {
  /// Whether SES sends at all.
  static let sending = ChangeKind(
    id: "ses.sending", label: "Sending",
    about: "Off, SES refuses every mail of the account in this region: sign-in links too.",
    subject: .mail,
    form: { estate in
      [
        .toggle(
          "sending", "Sending", isOn: estate[MailFacts.self].facts?.sendingEnabled ?? true)
      ]
    },
    plan: { means, asked in
      let isOn = try asked.isOn("sending")
      let isSending = try await means.cloud.ses.getAccount().sendingEnabled
      return try Setting(
        kind: "ses.sending", label: "Sending by SES in \(asked.site.region)",
        field: SendingMode.field, before: isSending ? "on" : "off", after: isOn ? "on" : "off",
        guarding: .guarded, lock: "ses:\(asked.site.region)", parameters: [:],
        step: Step(
          service: "ses", operation: "PutAccountSendingAttributes",
          words: "Turn sending \(isOn ? "on" : "off")",
          parameters: ["SendingEnabled": String(isOn)], recovery: .setTo),
        effects: isOn
          ? [
            "Ghost's mail goes out again. AWS may pause it anew where the cause is not mended."
          ]
          : ["Nobody gets a sign-in link, and staff who sign in from a new device get no code."],
        inverse: ["sending": isOn ? "off" : "on"]
      ).plan(for: asked)
    },
    read: { means, _ in
      let isSending = try await means.cloud.ses.getAccount().sendingEnabled
      return [SendingMode.field: isSending ? "on" : "off"]
    },
    perform: { means, _, step, _ in
      try await means.cloud.ses.putAccountSendingAttributes(
        enabled: step.parameters["SendingEnabled"] == "true")
      return "SES took it."
    })
}

/// What is read of sending.
enum SendingMode {
  static let field = "mail.sending"
}
