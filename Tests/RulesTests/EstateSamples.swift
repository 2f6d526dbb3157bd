import Rules

/// A site in which everything is as it should be.
enum EstateSamples {
  static let now = Moment(ms: 1_795_348_800_000)
  static let digest = "sha256:" + String(repeating: "a", count: 64)

  static let blog = BlogFacts(
    url: "https://blog.example.com", status: 200, ms: 40, missingTheme: nil, redirectsTo: nil,
    version: "5.87", title: "A blog", certificateUntil: now.adding(ms: 200 * Span.day))

  static let service = ServiceFacts(
    name: "s", cluster: "c", status: "ACTIVE", desired: 1, running: 1, pending: 0,
    taskDefinition: "arn:x:task-definition/t:4", rollout: "COMPLETED", deployments: 1,
    image: "ghost:5", cpuUnits: 256, memoryMiB: 512, architecture: "X86_64", fingerprint: "f",
    breaker: "rolls back", persistentPaths: ["/var/lib/ghost/content"],
    mailFrom: "blog@example.com")

  static func task(
    status: String, code: String = "", reason: String = "", exit: Int64? = nil
  ) -> TaskSummary {
    TaskSummary(
      id: "t1", status: status, health: "HEALTHY", zone: "us-west-2a", revision: "t:4",
      digest: digest, startedAt: now, stoppedAt: status == "STOPPED" ? now : nil, stopCode: code,
      reason: reason, exitCode: exit)
  }

  static let tasks = TaskFacts(running: [task(status: "RUNNING")], stopped: [])

  static func image(_ digest: String, _ tag: String, daysAgo: Int64) -> ImageSummary {
    ImageSummary(
      digest: digest, tags: [tag], pushedAt: now.adding(ms: -daysAgo * Span.day), bytes: 1,
      status: "ACTIVE")
  }

  static let images = ImageFacts(
    repository: "ghost", mutability: "IMMUTABLE_WITH_EXCLUSION", scansOnPush: true,
    images: [
      image(digest, "v5.87.1-3", daysAgo: 1), image("sha256:b", "v5.87.1-2", daysAgo: 2),
    ])

  static let rollouts = RolloutFacts(
    rollouts: [
      RolloutSummary(arn: "d1", status: "SUCCESSFUL", revision: "t:4", digest: digest)
    ],
    revisions: [
      RevisionSummary(name: "t:4", isActive: true, image: "r/ghost:v5.87.1-3"),
      RevisionSummary(name: "t:3", isActive: true, image: "r/ghost:v5.87.1-2"),
    ])

  static let database = DatabaseFacts(
    id: "db", instanceClass: "db.t3.micro", engine: "mysql", engineVersion: "8.0.40",
    status: "available", multiAZ: true, encrypted: true, backupRetentionDays: 7, storageGiB: 20,
    storageType: "gp2", deletionProtection: true, pending: [:],
    maintenanceWindow: "sun:09:00-sun:09:30", certificateUntil: now.adding(ms: 400 * Span.day))

  static let backups = BackupFacts(
    snapshots: [], restorableFrom: now.adding(ms: -7 * Span.day),
    restorableTo: now.adding(ms: -5 * Span.minute), publicSnapshots: [])

  static let bucket = BucketFacts(versioning: "enabled", noncurrentDays: 30)
  static let logs = LogFacts(retentionDays: 90, storedBytes: 1)

  static let alarms = AlarmFacts(
    alarms: [
      AlarmSummary(
        name: "cpu", state: "OK", reason: "", since: now, metric: "AWS/RDS CPUUtilization",
        tellsSomebody: true)
    ])

  static let topics = TopicFacts(topics: [TopicSummary(name: "ops", confirmed: 1, pending: 0)])

  static let mail = MailFacts(
    productionAccess: true, sendingEnabled: true, enforcement: "HEALTHY", max24Hours: 50_000,
    sent24Hours: 100, review: "GRANTED")

  static let identities = IdentityFacts(
    identities: [
      IdentitySummary(
        name: "example.com", isVerified: true, dkim: "SUCCESS", dkimTokens: ["abc"],
        mailFrom: "bounce.example.com", mailFromStatus: "SUCCESS")
    ], domain: "example.com", region: "us-west-2")

  static let members = MemberFacts(
    values: [
      "members_signup_access": "none", "portal_button": "false",
      "members_support_address": "noreply", "default_email_address": "blog@example.com",
    ], verifiesDevices: true)

  static let balancer = BalancerFacts(
    name: "lb", state: "active",
    targets: [TargetSummary(id: "10.0.2.17:2368", state: "healthy", reason: "")],
    listeners: ["HTTP 80", "HTTPS 443"], protectsDeletion: true)

  static let network = NetworkFacts(gateways: ["nat-1": "available"])

  static let validation = RecordSet(
    name: "_abc.blog.example.com", type: "CNAME", ttl: 300, values: ["_x.acm-validations.aws"],
    alias: "", identifier: "")

  static let zone = ZoneFacts(
    id: "Z1", name: "example.com",
    records: [
      RecordSet(
        name: "example.com", type: "TXT", ttl: 300,
        values: ["\"v=spf1 include:amazonses.com ~all\""], alias: "", identifier: ""),
      RecordSet(
        name: "_dmarc.example.com", type: "TXT", ttl: 300, values: ["\"v=DMARC1; p=none\""],
        alias: "", identifier: ""), validation,
    ])

  static let certificates = CertificateFacts(
    certificates: [
      CertificateSummary(
        arn: "arn", domain: "blog.example.com", status: "ISSUED",
        until: now.adding(ms: 200 * Span.day), isInUse: true, renewal: "", renewalReason: "",
        isEligible: true, validation: [validation])
    ])

  static let stack = StackFacts(
    name: "GhostInfraStack", status: "UPDATE_COMPLETE", reason: "", drift: "IN_SYNC",
    driftCheckedAt: now, isProtected: true, updatedAt: now, resources: 48, logRetentionDays: 90,
    templateImage: "ghost:v5.87.1-3")

  static func run(
    _ file: String, title: String = "a run", conclusion: String = "success"
  ) -> RunSummary {
    RunSummary(
      id: 7, file: file, title: title, commit: String(repeating: "c", count: 40),
      event: "workflow_dispatch", status: "completed", conclusion: conclusion, createdAt: now,
      startedAt: now, updatedAt: now.adding(ms: Span.minute))
  }

  static let workflows = WorkflowFacts(
    repository: "example/blog", hasToken: true, head: String(repeating: "c", count: 40),
    workflows: Workflow.all.map { file in
      WorkflowSummary(
        file: file, state: "active",
        definition: WorkflowDefinition(isDispatchable: true, carriesMark: true, inputs: []),
        runs: [run(file)], behind: 0)
    }, tokenUntil: now.adding(ms: 60 * Span.day), remaining: 4_000, limit: 5_000, resetsAt: now)

  static let changeSets = ChangeSetFacts(sets: [
    PlannedUpdate(
      arn: "arn:changeSet/plan-7/1", name: "plan-7", status: "CREATE_COMPLETE", reason: "",
      execution: "AVAILABLE", description: "", createdAt: now, changes: [])
  ])

  static let trail = TrailFacts(
    since: now, ownIdentity: "user/caretaker",
    acts: [
      TrailAct(
        id: "e1", operation: "UpdateService", service: "ecs", at: now, who: "caretaker",
        identity: "user/caretaker", resource: "service")
    ])

  /// All of it.
  static var estate: Estate {
    var estate = Estate(now: now)
    let all: [any Observed] = [
      blog, service, tasks, rollouts, images, database, backups, bucket, logs, alarms, topics,
      mail, identities, members, balancer, network, zone, certificates, stack, workflows,
      changeSets, trail,
    ]
    for facts in all { estate.add(facts) }
    estate.memberDecision = MemberDecision(choice: .disable, owner: "Ana")
    return estate
  }
}
