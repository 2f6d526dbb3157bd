extension Check {
  /// What the service is held to.
  static let service: [Check] = [
    Check(
      "ecs.running", of: ServiceFacts.self, .danger, expects: "Every task asked for runs",
      why: "With none, the blog is down; with fewer, it has less capacity than asked for."
    ) { facts, _ in
      .met(
        facts.running >= facts.desired && facts.desired > 0,
        "\(facts.running) of \(facts.desired) tasks run.",
        else: facts.desired == 0
          ? "The service is told to run no task."
          : "\(facts.running) of \(facts.desired) tasks run.",
        remedy: facts.desired == 0
          ? "Scale to 1 task." : "Look at the stopped tasks and the log for the reason.",
        mend: facts.desired == 0 ? Mend("ecs.count", ["count": "1"]) : nil)
    },
    Check(
      "ecs.single-instance", of: ServiceFacts.self, .danger, expects: "One Ghost task at most",
      why: "Ghost supports one instance for a site: more of them lose edits and answer 405."
    ) { facts, _ in
      .met(
        facts.desired <= 1, "The service is told to run \(facts.desired).",
        else: "The service is told to run \(facts.desired) tasks.",
        remedy: "Scale to 1 task and give it a larger size instead.",
        mend: Mend("ecs.count", ["count": "1"]))
    },
    Check(
      "ecs.rollout", of: ServiceFacts.self, .danger, expects: "The last deployment went well",
      why: "What was to go live is not live."
    ) { facts, _ in
      .met(
        facts.rollout != "FAILED", "The last deployment is \(facts.rollout.lowercased().spoken).",
        else: "The last deployment failed.",
        remedy: "Look at stopped tasks, then deploy an image that is known to start.")
    },
    Check(
      "ecs.circuit-breaker", of: ServiceFacts.self, .attention,
      expects: "A deployment that fails is rolled back",
      why: "An image that can't start is tried for ever, and the deployment never ends."
    ) { facts, _ in
      .met(
        facts.breaker == "rolls back", "The circuit breaker rolls back.",
        else: facts.breaker == "stops"
          ? "The circuit breaker stops a failing deployment but does not roll back."
          : "The circuit breaker is off.",
        remedy: "Set circuitBreaker: { rollback: true } on the service in the CDK code.")
    },
    Check(
      "ecs.theme-persistent", of: ServiceFacts.self, .attention,
      expects: "Uploaded themes outlive a task",
      why:
        "A theme that was uploaded is gone when the task is replaced, and with it the site's look."
    ) { facts, _ in
      .met(
        facts.keepsThemes,
        "The folder of themes is on a volume.",
        else: "The folder of themes is the task's own disk.",
        remedy: "Bake the theme into the image, or mount a volume at content/themes.")
    },
    Check(
      "ghost.mail-from", of: ServiceFacts.self, .attention, expects: "Ghost knows whom to mail as",
      why:
        "Without mail.from Ghost makes up an address that SES refuses, and mail is lost silently."
    ) { facts, estate in
      guard facts.mailFrom == nil else { return .pass("Ghost mails as \(facts.mailFrom ?? "").") }
      let seen = estate[LogFacts.self].facts?.signatures[LogSignature.mailFrom.id] ?? 0
      let times = seen == 1 ? "once" : "\(seen) times"
      return .fail(
        "mail.from is not set" + (seen > 0 ? ", and Ghost warned \(times) in an hour." : "."),
        remedy: SenderSetting.remedy(
          domain: estate[IdentityFacts.self].facts?.domain ?? "",
          title: estate[BlogFacts.self].facts?.title ?? ""))
    },
  ]
}

extension ServiceFacts {
  /// Whether the folder of Ghost's themes outlives a task, being on a volume.
  public var keepsThemes: Bool {
    let themes = "/var/lib/ghost/content/themes"
    return persistentPaths.contains { path in
      themes == path || themes.hasPrefix(path.hasSuffix("/") ? path : path + "/")
    }
  }
}
