extension Check {
  /// What mail is held to.
  static let mail: [Check] = [
    Check(
      "ses.enforcement", of: MailFacts.self, .danger, expects: "AWS trusts the account's mail",
      why: "On probation mail is about to stop; on shutdown it has."
    ) { facts, _ in
      .met(
        facts.enforcement == "HEALTHY", "Enforcement is healthy.",
        else: "AWS has put sending on \(facts.enforcement.lowercased()).",
        remedy: "Read AWS's message and mend the cause.")
    },
    Check(
      "ses.paused", of: MailFacts.self, .danger, expects: "Sending is on",
      why: "While it is off nobody gets a sign-in link."
    ) { facts, _ in
      .met(
        facts.sendingEnabled, "Sending is on.", else: "Sending is paused.",
        remedy: "Turn sending on when the cause is mended.",
        mend: Mend("ses.sending", ["sending": "on"]))
    },
    Check(
      "ses.sandbox", of: MailFacts.self, .danger, expects: "SES is out of the sandbox",
      why: "In it only verified addresses get mail: members can't sign in, and staff who sign in "
        + "from a new device get no code."
    ) { facts, _ in
      let waits = facts.review == "PENDING"
      return .met(
        facts.productionAccess, "SES has production access.",
        else: waits
          ? "SES is in the sandbox; AWS is reviewing the request." : "SES is in the sandbox.",
        remedy: waits
          ? "Wait for AWS's answer, usually within a day." : "Request production access.",
        mend: waits || facts.review == "DENIED" ? nil : Mend("ses.production"))
    },
    Check(
      "ses.quota", of: MailFacts.self, .attention, expects: "The day's mail is within the quota",
      why: "What is above the quota is refused, the sign-in links with it."
    ) { facts, _ in
      guard facts.max24Hours > 0 else { return nil }
      return .met(
        facts.sent24Hours < facts.max24Hours - facts.max24Hours / 5,
        "\(facts.sent24Hours) of \(facts.max24Hours) sent in 24 hours.",
        else: "\(facts.sent24Hours) of \(facts.max24Hours) sent in 24 hours.",
        remedy: "Ask AWS for a higher quota before it is used up.")
    },
  ]

  /// What the identities are held to.
  static let identities: [Check] = [
    Check(
      "ses.identity", of: IdentityFacts.self, .danger, expects: "The blog's domain is verified",
      why: "SES sends nothing from a domain that is not verified."
    ) { facts, _ in
      guard !facts.domain.isEmpty else { return nil }
      let own = facts.own
      return .met(
        own?.isVerified == true, "\(facts.domain) is verified.",
        else: own == nil
          ? "\(facts.domain) is not an identity of SES." : "\(facts.domain) is not verified.",
        remedy: "Verify the domain in SES and add its records to the zone.")
    },
    Check(
      "ses.dkim", of: IdentityFacts.self, .attention, expects: "Mail is signed with DKIM",
      why: "Mail providers put unsigned mail into the spam folder."
    ) { facts, estate in
      guard let own = facts.own else { return nil }
      return .met(
        own.dkim == "SUCCESS", "DKIM is in order.",
        else: "DKIM is \(own.dkim.lowercased().spoken).",
        remedy: "Add the three CNAME records that SES names to the zone.",
        mend: own.dkimMend(in: estate))
    },
    Check(
      "ses.mail-from", of: IdentityFacts.self, .attention,
      expects: "Bounces go to a domain of one's own",
      why: "With SES's own domain SPF does not line up, and DMARC hangs on DKIM alone."
    ) { facts, estate in
      guard let own = facts.own else { return nil }
      return .met(
        own.mailFrom != nil && own.mailFromStatus == "SUCCESS",
        "The MAIL FROM domain is \(own.mailFrom ?? "").",
        else: own.mailFrom == nil
          ? "No MAIL FROM domain is set."
          : "The MAIL FROM domain is \(own.mailFromStatus.lowercased().spoken).",
        remedy: "Set bounce.\(own.name) as MAIL FROM domain and add its MX and TXT records.",
        mend: own.mailFrom.map { facts.mailFromMend($0, in: estate) }
          ?? Mend("ses.mail-from", ["domain": "bounce.\(own.name)"]))
    },
  ]
}

extension IdentityFacts {
  /// The record that a MAIL FROM domain still lacks; both are tried again by AWS for 72 hours.
  fileprivate func mailFromMend(_ domain: String, in estate: Estate) -> Mend? {
    guard let zone = estate[ZoneFacts.self].facts else { return nil }
    // SES takes a domain with this one server alone.
    let server = zone.set("MX", at: domain)
    guard server?.values == [feedbackServer] else {
      return .record("MX", domain, [feedbackServer], over: server)
    }
    let hasSPF = zone.texts(at: domain).contains { $0.contains("include:amazonses.com") }
    return hasSPF
      ? nil : zone.adding("\"v=spf1 include:amazonses.com ~all\"", to: "TXT", at: domain)
  }

  /// The identity the blog sends as; nil when SES has none.
  public var own: IdentitySummary? { identities.first { $0.name == domain } }
}

extension IdentitySummary {
  /// The first DKIM record that the zone lacks; nil where it has them, and SES is to see them yet.
  fileprivate func dkimMend(in estate: Estate) -> Mend? {
    let zone = estate[ZoneFacts.self].facts
    return dkimTokens.map { ($0, "\($0)._domainkey.\(name)") }
      .first { zone?.set("CNAME", at: $0.1) == nil }
      .map { token, name in .record("CNAME", name, ["\(token).dkim.amazonses.com"]) }
  }
}
