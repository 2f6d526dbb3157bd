extension Check {
  /// What the load balancer is held to.
  static let balancer: [Check] = [
    Check(
      "alb.active", of: BalancerFacts.self, .danger, expects: "The load balancer is active",
      why: "Readers reach the blog through it alone."
    ) { facts, _ in
      .met(
        facts.state == "active", "It is active.", else: "It is \(facts.state).",
        remedy: "Look at its state's reason in the AWS console.")
    },
    Check(
      "alb.targets", of: BalancerFacts.self, .danger, expects: "Ghost answers the health checks",
      why: "Without a healthy target readers see 503."
    ) { facts, _ in
      let healthy = facts.targets.filter { $0.state == "healthy" }.count
      let ill = facts.targets.first { $0.state != "healthy" && $0.state != "draining" }
      return .met(
        healthy > 0, "\(healthy) of \(facts.targets.count) targets are healthy.",
        else: facts.targets.isEmpty
          ? "It has no target." : "No target is healthy\(ill.map { ": " + $0.reason } ?? "").",
        remedy: "Look at the log for why Ghost does not answer.")
    },
    Check(
      "alb.https", of: BalancerFacts.self, .danger, expects: "It listens on HTTPS",
      why: "Staff sign in through it; without TLS their passwords can be read."
    ) { facts, _ in
      .met(
        facts.listeners.contains { $0.hasPrefix("HTTPS") },
        "It listens on \(facts.listeners.joined(separator: " and ")).",
        else: "It does not listen on HTTPS.", remedy: "Add an HTTPS listener in the CDK code.")
    },
    Check(
      "alb.deletion-protection", of: BalancerFacts.self, .attention,
      expects: "It refuses to be deleted", why: "Deleted, the blog's address leads nowhere."
    ) { facts, _ in
      .met(
        facts.protectsDeletion, "Deletion protection is on.", else: "It can be deleted.",
        remedy: "Turn it on, and set deletionProtection: true in the CDK code too.",
        mend: Mend("alb.deletion-protection", ["protection": "on"]))
    },
  ]

  /// What the NAT gateways are held to.
  static let network: [Check] = [
    Check(
      "nat.available", of: NetworkFacts.self, .danger, expects: "A NAT gateway is available",
      why: "Without one a new task can't pull its image, and Ghost can't send mail."
    ) { facts, _ in
      let ill = facts.gateways.filter { $0.value != "available" }
      return .met(
        !facts.gateways.isEmpty && ill.isEmpty,
        facts.gateways.count == 1
          ? "It is available." : "All \(facts.gateways.count) are available.",
        else: facts.gateways.isEmpty
          ? "There is none."
          : ill.sorted { $0.key < $1.key }.map { "\($0.key) is \($0.value)" }
            .joined(separator: ", ") + ".",
        remedy: "Deploy the stack again, or look at the gateway's failure in the AWS console.")
    }
  ]

  /// What the certificates are held to.
  static let certificates: [Check] = [
    Check(
      "acm.issued", of: CertificateFacts.self, .danger, expects: "Certificates in use are valid",
      why: "Browsers refuse a site whose certificate is not valid."
    ) { facts, _ in
      let ill = facts.certificates.filter { $0.isInUse && $0.status != "ISSUED" }
      return .met(
        ill.isEmpty, "Every certificate in use is issued.",
        else: ill.map { "\($0.domain) is \($0.status.lowercased().spoken)" }
          .joined(separator: ", ") + ".",
        remedy: "Check that the records which prove the domain are in the zone.")
    },
    Check(
      "acm.expiry", of: CertificateFacts.self, .danger,
      expects: "Certificates are valid for \(Expectation.certificateDays) days or more",
      why: "Browsers refuse a site whose certificate has ended."
    ) { facts, estate in
      let used = facts.certificates.filter(\.isInUse)
      guard let first = used.compactMap(\.until).min() else { return nil }
      let days = first.since(estate.now) / Span.day
      return .met(
        days >= Expectation.certificateDays, "The first ends in \(Span.words(days: days)).",
        else: first <= estate.now
          ? "The first has ended." : "The first ends in \(Span.words(days: days)).",
        remedy: "See why ACM does not renew it: the validation record must be in the zone.")
    },
    Check(
      "acm.renewal", of: CertificateFacts.self, .danger, expects: "ACM can renew them",
      why: "A renewal that fails is found out when the certificate ends."
    ) { facts, _ in
      let ill = facts.certificates.filter {
        $0.isInUse && ($0.renewal == "FAILED" || $0.renewal == "PENDING_VALIDATION")
      }
      return .met(
        ill.isEmpty, "No renewal is held up.",
        else: ill.map {
          "\($0.domain): renewal \($0.renewal.lowercased().spoken)"
            + ($0.renewalReason.isEmpty ? "" : " (\($0.renewalReason))")
        }.joined(separator: ", ") + ".",
        remedy: "Put the validation record back into the zone.")
    },
  ]
}
