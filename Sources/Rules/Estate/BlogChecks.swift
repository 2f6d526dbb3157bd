extension Check {
  /// What the site is held to, as a reader sees it.
  static let blog: [Check] = [
    Check(
      "site.up", of: BlogFacts.self, .danger, expects: "The home page answers 200",
      why: "This is what readers see."
    ) { facts, _ in
      .met(
        facts.status == 200, "The home page answers 200 in \(facts.ms) ms.",
        else: facts.problem
          ?? "The home page answers \(facts.status)"
          + (facts.redirectsTo.map { " and sends readers on to \($0)." } ?? "."),
        remedy: "Look at the service, its log and the load balancer's targets.")
    },
    Check(
      "site.theme", of: BlogFacts.self, .danger, expects: "The active theme is there",
      why: "Without its theme Ghost shows readers an error."
    ) { facts, _ in
      if let theme = facts.missingTheme {
        return .fail(
          "The theme “\(theme)” is missing.",
          remedy: "Upload the theme again, or activate another.")
      }
      return facts.status == 200
        ? .pass("Ghost has its theme.") : .noData("The home page, which would show it, is not up.")
    },
    Check(
      "site.ghost", of: BlogFacts.self, .attention, expects: "Ghost's site endpoint answers",
      why: "When pages come from a cache, this tells whether Ghost is alive behind it."
    ) { facts, _ in
      .met(
        !facts.version.isEmpty, "Ghost \(facts.version) answers.",
        else: "Ghost's site endpoint does not answer.",
        remedy: "Look at the service and its log.")
    },
    Check(
      "site.certificate", of: BlogFacts.self, .danger,
      expects: "Its certificate is valid for \(Expectation.certificateDays) days or more",
      why: "Browsers refuse a site whose certificate has ended."
    ) { facts, estate in
      guard let until = facts.certificateUntil else { return nil }
      let days = until.since(estate.now) / Span.day
      return .met(
        days >= Expectation.certificateDays, "Valid for \(Span.words(days: days)) more.",
        else: until <= estate.now
          ? "It has ended." : "Valid for \(Span.words(days: days)) more.",
        remedy: "Renew the certificate; one of ACM renews itself while its record is in the zone.")
    },
  ]
}
