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
    ) { facts, estate in
      if let theme = facts.missingTheme {
        let deployed = estate.deployedTheme.flatMap { $0.name == theme ? $0 : nil }
        return .fail(
          "The theme “\(theme)” is missing.",
          remedy: deployed.map {
            "A task that is replaced has only the themes of its image. Re-apply \(theme) "
              + "\($0.version), which was deployed last."
          } ?? "Upload the theme again, or activate another.", mend: deployed?.mend)
      }
      return facts.status == 200
        ? .pass("Ghost has its theme.") : .noData("The home page, which would show it, is not up.")
    },
    Check(
      "site.theme-version", of: BlogFacts.self, .attention,
      expects: "Ghost has the version of the theme that was deployed last",
      why: "A task that is replaced comes back with the themes of its image, older ones often."
    ) { facts, estate in estate.deployedTheme.flatMap { facts.judge($0) } },
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
      facts.certificateUntil.map {
        .certificate(
          endsAt: $0, at: estate.now,
          remedy: "Renew the certificate; one of ACM renews itself while its record is in the zone."
        )
      }
    },
  ]
}

extension BlogFacts {
  /// The version of the active theme as far as anything tells it: Ghost's own API, or the page.
  private func version(of name: String) -> String? {
    if let activeVersion, activeTheme == name { return activeVersion }
    guard let pageTheme, pageTheme.hasPrefix(name + " ") else { return nil }
    return String(pageTheme.dropFirst(name.count + 1))
  }

  /// Holds what Ghost shows against what was deployed; nil where nothing tells the version.
  fileprivate func judge(_ deployed: DeployedTheme) -> Judgement? {
    let words = "\(deployed.name) \(deployed.version)"
    if let activeTheme, activeTheme != deployed.name {
      return .fail(
        "The active theme is \(activeTheme), and \(words) was deployed from here last.",
        remedy: "Re-apply \(words), unless somebody has chosen the other.", mend: deployed.mend)
    }
    guard missingTheme == nil, let version = version(of: deployed.name) else { return nil }
    guard ThemeVersionOrder.isOlder(version, than: deployed.version) else {
      return .pass("Ghost has \(deployed.name) \(version).")
    }
    return .fail(
      "Ghost has \(deployed.name) \(version), and \(deployed.version) was deployed from here last.",
      remedy: "Re-apply \(words).", mend: deployed.mend)
  }
}
