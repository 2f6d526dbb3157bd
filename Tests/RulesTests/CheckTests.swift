import Rules
import Testing

@Suite struct CheckTests {
  typealias Samples = EstateSamples

  private func failing(_ estate: Estate) -> Set<String> {
    Set(Check.findings(in: estate).filter { $0.outcome == .fail }.map(\.id))
  }

  /// The checks that fail when one thing is spoilt in a site that is in order.
  private func failing<Facts: Observed>(
    _ facts: Facts, _ spoil: (inout Facts) -> Void
  ) -> Set<String> {
    var estate = Samples.estate
    var spoilt = facts
    spoil(&spoilt)
    estate.add(spoilt)
    return failing(estate)
  }

  @Test func `a site in order meets every check`() {
    let findings = Check.findings(in: Samples.estate)
    #expect(findings.filter { $0.outcome != .pass }.isEmpty)
    #expect(Set(findings.map(\.subject)) == Set(Subject.allCases))
    #expect(Set(findings.map(\.id)).count == findings.count)
  }

  @Test func `nothing that was not read is a pass`() {
    let findings = Check.findings(in: Estate(now: Samples.now))
    #expect(findings.allSatisfy { $0.outcome == .noData && $0.health == .unknown })
    #expect(!findings.isEmpty)
  }

  @Test(arguments: Subject.allCases)
  func `a failed reading leaves no check of it met, and says why`(subject: Subject) {
    var estate = Samples.estate
    estate.add(failure: "Give Caretaker’s role the action “x:Y”.", of: subject)
    let own = Check.findings(in: estate).filter { $0.subject == subject }
    #expect(!own.isEmpty)
    for finding in own {
      #expect(finding.outcome == .noData)
      #expect(finding.state == "Give Caretaker’s role the action “x:Y”.")
      #expect(finding.mend == nil)
    }
  }

  @Test func `each thing wrong with the site is its own finding`() {
    #expect(failing(Samples.blog) { $0.status = 502 } == ["site.up"])
    #expect(failing(Samples.blog) { $0.missingTheme = "casper" } == ["site.theme"])
    #expect(failing(Samples.blog) { $0.version = "" } == ["site.ghost"])
    #expect(
      failing(Samples.blog) { $0.certificateUntil = Samples.now.adding(ms: 29 * Span.day) }
        == ["site.certificate"])
  }

  @Test func `each thing wrong with the service is its own finding`() {
    #expect(failing(Samples.service) { $0.running = 0 } == ["ecs.running"])
    #expect(failing(Samples.service) { ($0.desired, $0.running) = (0, 0) } == ["ecs.running"])
    #expect(
      failing(Samples.service) { ($0.desired, $0.running) = (2, 2) } == ["ecs.single-instance"])
    #expect(failing(Samples.service) { $0.rollout = "FAILED" } == ["ecs.rollout"])
    #expect(failing(Samples.service) { $0.breaker = "stops" } == ["ecs.circuit-breaker"])
    #expect(failing(Samples.service) { $0.persistentPaths = [] } == ["ecs.theme-persistent"])
    #expect(
      failing(Samples.service) { $0.persistentPaths = ["/var/lib/ghost/content/them"] }
        == ["ecs.theme-persistent"])
    #expect(failing(Samples.service) { $0.mailFrom = nil } == ["ghost.mail-from"])
  }

  @Test func `each thing wrong with images and rollouts is its own finding`() {
    #expect(
      failing(Samples.rollouts) { $0.rollouts[0].status = "ROLLBACK_SUCCESSFUL" }
        == ["ecs.last-rollout"])
    #expect(failing(Samples.rollouts) { $0.rollouts[0].status = "IN_PROGRESS" }.isEmpty)
    #expect(failing(Samples.stack) { $0.templateImage = "ghost:v5.87.1-2" } == ["ecs.pinned"])
    #expect(failing(Samples.stack) { $0.templateImage = "ghost:latest" } == ["ecs.pinned"])
    let rule = LifecycleRule(
      priority: 1, tagStatus: "tagged", patterns: ["*-3"], countType: "sinceImagePushed", count: 2)
    #expect(failing(Samples.images) { $0.lifecycle = [rule] } == ["ecr.running-kept"])
    #expect(failing(Samples.images) { $0.images.removeLast() } == ["ecr.rollback-ready"])
    #expect(
      failing(Samples.images) { $0.images[1].status = "ARCHIVED" } == ["ecr.rollback-ready"])
  }

  @Test func `a task that ended by itself is a finding, one that was replaced is not`() {
    let tasks = Samples.tasks
    #expect(
      failing(tasks) {
        $0.stopped = [Samples.task(status: "STOPPED", code: "ServiceSchedulerInitiated")]
      }.isEmpty)
    #expect(
      failing(tasks) {
        $0.stopped = [Samples.task(status: "STOPPED", code: "EssentialContainerExited", exit: 137)]
      } == ["ecs.tasks-stopping"])
  }

  @Test(
    arguments: [
      ("EssentialContainerExited", "Essential container in task exited", "too much memory"),
      ("TaskFailedToStart", "OutOfMemoryError: Container killed", "too much memory"),
      ("ServiceSchedulerInitiated", "Scaling activity initiated by deployment", "replaced"),
      ("UserInitiated", "Task stopped by user", "Somebody stopped it"),
      ("ServiceSchedulerInitiated", "Task failed ELB health checks in target-group", "unhealthy"),
    ])
  func `a task that was killed had no memory left, or did not stop in time when told to`(
    code: String, reason: String, words: String
  ) {
    let cause = Samples.task(status: "STOPPED", code: code, reason: reason, exit: 137).cause
    #expect(cause.words.contains(words))
    #expect(cause.isTrouble == (code != "UserInitiated" && words != "replaced"))
  }

  @Test func `a day's mail is within the quota below four fifths of it, however much it is`() {
    func isWithin(_ sent: Int64, of most: Int64) -> Bool {
      failing(Samples.mail) { ($0.sent24Hours, $0.max24Hours) = (sent, most) }.isEmpty
    }
    #expect(isWithin(159, of: 200) && !isWithin(160, of: 200))
    #expect(isWithin(3, of: 4) && !isWithin(4, of: 4))
    #expect(!isWithin(.max, of: 200) && !isWithin(.max / 50, of: .max / 50))
    #expect(isWithin(.max / 50, of: .max))
  }

  /// How things are by a check, once something was read otherwise.
  private func state<Facts: Observed>(
    _ id: String, _ facts: Facts, _ change: (inout Facts) -> Void
  ) -> String? {
    var (estate, facts) = (Samples.estate, facts)
    change(&facts)
    estate.add(facts)
    return Check.findings(in: estate).first { $0.id == id }?.state
  }

  @Test(arguments: [(9, "9 days more"), (0, "ended"), (-3, "ended")] as [(Int64, String)])
  func `a certificate that has ended is valid for no number of days more`(
    days: Int64, words: String
  ) throws {
    let until = Samples.now.adding(ms: days * Span.day)
    let states = [
      state("site.certificate", Samples.blog) { $0.certificateUntil = until },
      state("rds.certificate", Samples.database) { $0.certificateUntil = until },
    ]
    let expected = days > 0 ? "Valid for \(words)." : "It has \(words)."
    #expect(states == [expected, expected])
    let first = state("acm.expiry", Samples.certificates) { $0.certificates[0].until = until }
    #expect(first == (days > 0 ? "The first ends in 9 days." : "The first has ended."))
  }

  @Test func `AWS's words are said as words`() {
    #expect(
      state("ecs.rollout", Samples.service) { $0.rollout = "IN_PROGRESS" }
        == "The last deployment is in progress.")
    #expect(
      state("acm.issued", Samples.certificates) { $0.certificates[0].status = "PENDING_VALIDATION" }
        == "blog.example.com is pending validation.")
    func renewal(_ status: String, _ reason: String) -> String? {
      state("acm.renewal", Samples.certificates) {
        ($0.certificates[0].renewal, $0.certificates[0].renewalReason) = (status, reason)
      }
    }
    #expect(renewal("FAILED", "CAA_ERROR") == "blog.example.com: renewal failed (CAA_ERROR).")
    #expect(
      renewal("PENDING_VALIDATION", "") == "blog.example.com: renewal pending validation.")
  }

  @Test func `an image that left the repository is a finding`() {
    #expect(
      failing(Samples.images) { $0.images = [] }
        == ["ecs.digest-in-repository", "ecr.rollback-ready"])
    #expect(
      failing(Samples.images) { $0.images[0].status = "ARCHIVED" } == ["ecs.digest-in-repository"])
    #expect(failing(Samples.images) { $0.mutability = "MUTABLE" } == ["ecr.tags-immutable"])
    #expect(failing(Samples.images) { $0.scansOnPush = false } == ["ecr.scan"])
  }

  @Test func `each thing wrong with the database is its own finding`() {
    let database = Samples.database
    #expect(failing(database) { $0.status = "storage-full" } == ["rds.available"])
    #expect(failing(database) { $0.backupRetentionDays = 6 } == ["rds.backup-retention"])
    #expect(failing(database) { $0.multiAZ = false } == ["rds.multi-az"])
    #expect(failing(database) { $0.encrypted = false } == ["rds.encryption"])
    #expect(failing(database) { $0.deletionProtection = false } == ["rds.deletion-protection"])
    #expect(failing(database) { $0.isPublic = true } == ["rds.public"])
    #expect(
      failing(database) { $0.certificateUntil = Samples.now.adding(ms: Span.day) }
        == ["rds.certificate"])
  }

  @Test func `one day of backups is said in words, with the change that mends it`() {
    var estate = Samples.estate
    var database = Samples.database
    database.backupRetentionDays = 1
    estate.add(database)
    let found = Check.findings(in: estate).first { $0.id == "rds.backup-retention" }
    #expect(found?.state == "RDS keeps backups for 1 day.")
    #expect(found?.mend == Mend("rds.retention", ["days": "7"]))
  }

  @Test func `a backup a day old, or none, or a public one is a finding`() {
    let backups = Samples.backups
    #expect(failing(backups) { $0.restorableTo = nil } == ["rds.backup-age"])
    #expect(
      failing(backups) { $0.restorableTo = Samples.now.adding(ms: -25 * Span.hour) }
        == ["rds.backup-age"])
    #expect(failing(backups) { $0.publicSnapshots = ["s"] } == ["rds.public-snapshot"])
  }

  @Test func `each thing wrong with the bucket is its own finding`() {
    let bucket = Samples.bucket
    #expect(failing(bucket) { $0.versioning = "never" } == ["s3.versioning"])
    #expect(failing(bucket) { $0.versioning = "suspended" } == ["s3.versioning"])
    #expect(failing(bucket) { $0.encryption = "none" } == ["s3.encryption"])
    #expect(failing(bucket) { $0.noncurrentDays = 3 } == ["s3.undo-days"])
    #expect(failing(bucket) { $0.noncurrentDays = nil }.isEmpty)
  }

  @Test func `log lines kept for ever, too long, or not as declared are a finding`() {
    #expect(failing(Samples.logs) { $0.retentionDays = nil } == ["logs.retention"])
    #expect(failing(Samples.logs) { $0.retentionDays = 30 } == ["logs.retention"])
    #expect(
      failing(Samples.stack) { $0.logRetentionDays = 731 } == ["logs.retention"])
  }

  @Test(arguments: LogSignature.all)
  func `every known sign of trouble in the log is a finding`(signature: LogSignature) {
    let found = failing(Samples.logs) { $0.signatures[signature.id] = 3 }
    // What Ghost says of mail.from is told with the service that does not set it.
    #expect(found == (signature == .mailFrom ? [] : ["ghost.\(signature.id)"]))
  }

  @Test func `a log that was read in part proves nothing absent`() {
    var estate = Samples.estate
    var logs = Samples.logs
    logs.isComplete = false
    estate.add(logs)
    let signs = Check.findings(in: estate).filter { $0.id == "ghost.disk-full" }
    #expect(signs.map(\.outcome) == [.noData])
  }

  @Test func `alarms and topics that are missing, silent or raised are findings`() {
    #expect(failing(Samples.alarms) { $0.alarms = [] } == ["cloudwatch.no-alarms"])
    #expect(
      failing(Samples.alarms) { $0.alarms[0].tellsSomebody = false }
        == ["cloudwatch.silent-alarms"])
    #expect(failing(Samples.alarms) { $0.alarms[0].state = "ALARM" } == ["cloudwatch.in-alarm"])
    #expect(failing(Samples.topics) { $0.topics[0].pending = 1 } == ["sns.unconfirmed"])
    #expect(failing(Samples.topics) { $0.topics[0].confirmed = 0 } == ["sns.nobody"])
  }

  @Test func `each thing wrong with mail is its own finding`() {
    #expect(failing(Samples.mail) { $0.productionAccess = false } == ["ses.sandbox"])
    #expect(failing(Samples.mail) { $0.sendingEnabled = false } == ["ses.paused"])
    #expect(failing(Samples.mail) { $0.enforcement = "PROBATION" } == ["ses.enforcement"])
    #expect(failing(Samples.mail) { $0.sent24Hours = 40_000 } == ["ses.quota"])
    #expect(failing(Samples.identities) { $0.identities = [] } == ["ses.identity"])
    #expect(failing(Samples.identities) { $0.identities[0].isVerified = false } == ["ses.identity"])
    #expect(failing(Samples.identities) { $0.identities[0].dkim = "PENDING" } == ["ses.dkim"])
    #expect(failing(Samples.identities) { $0.identities[0].mailFrom = nil } == ["ses.mail-from"])
  }

  /// The change that mends what a check finds where the zone has these records alone.
  private func mend(
    _ id: String, _ records: [RecordSet], _ change: (inout IdentitySummary) -> Void = { _ in }
  ) -> [String: String]? {
    var (estate, zone, identities) = (Samples.estate, Samples.zone, Samples.identities)
    zone.records = records
    change(&identities.identities[0])
    estate.add(zone)
    estate.add(identities)
    return Check.findings(in: estate).first { $0.id == id }?.mend?.form
  }

  private func set(_ type: String, _ name: String, _ values: String...) -> RecordSet {
    RecordSet(name: name, type: type, ttl: 60, values: values, alias: "", identifier: "")
  }

  @Test func `a record is put beside what the zone says of its name, and nothing twice`() {
    let spf = "\"v=spf1 include:amazonses.com ~all\""
    #expect(mend("dns.spf", [])?["act"] == "create")
    let beside = mend("dns.spf", [set("TXT", "example.com", "\"proof=1\"")])
    #expect(beside?["act"] == "change" && beside?["ttl"] == "60")
    #expect(beside?["values"] == "\"proof=1\"\n" + spf)
    let dkim = set("CNAME", "abc._domainkey.example.com", "abc.dkim.amazonses.com")
    #expect(
      mend("ses.dkim", [dkim]) { ($0.dkim, $0.dkimTokens) = ("PENDING", ["abc", "def"]) }?["name"]
        == "def._domainkey.example.com")
    #expect(mend("ses.dkim", [dkim]) { $0.dkim = "PENDING" } == nil)
  }

  @Test func `a MAIL FROM domain has SES's server alone, and its text beside others`() {
    let name = "bounce.example.com"
    func mend(_ records: RecordSet...) -> [String: String]? {
      self.mend("ses.mail-from", records) { $0.mailFromStatus = "FAILED" }
    }
    let server = "10 feedback-smtp.us-west-2.amazonses.com"
    #expect(mend()?["values"] == server && mend()?["act"] == "create")
    let other = mend(set("MX", name, "10 mx.example.com", server))
    #expect(other?["values"] == server && other?["act"] == "change")
    #expect(
      mend(set("MX", name, server), set("TXT", name, "\"a\""))?["values"]
        == "\"a\"\n\"v=spf1 include:amazonses.com ~all\"")
  }

  @Test func `each thing wrong on the way to the site is its own finding`() {
    let balancer = Samples.balancer
    #expect(failing(balancer) { $0.state = "failed" } == ["alb.active"])
    #expect(failing(balancer) { $0.targets[0].state = "unhealthy" } == ["alb.targets"])
    #expect(failing(balancer) { $0.listeners = ["HTTP 80"] } == ["alb.https"])
    #expect(failing(balancer) { $0.protectsDeletion = false } == ["alb.deletion-protection"])
    #expect(failing(Samples.network) { $0.gateways["nat-1"] = "failed" } == ["nat.available"])
    #expect(failing(Samples.network) { $0.gateways = [:] } == ["nat.available"])
  }

  @Test func `certificates and the records that renew them are looked after`() {
    let certificates = Samples.certificates
    #expect(
      failing(certificates) { $0.certificates[0].until = Samples.now.adding(ms: 5 * Span.day) }
        == ["acm.expiry"])
    #expect(failing(certificates) { $0.certificates[0].status = "EXPIRED" } == ["acm.issued"])
    #expect(failing(certificates) { $0.certificates[0].renewal = "FAILED" } == ["acm.renewal"])
    #expect(failing(Samples.zone) { $0.records.removeLast() } == ["dns.validation"])
    #expect(failing(Samples.zone) { $0.records.removeFirst() } == ["dns.spf"])
    #expect(failing(Samples.zone) { $0.records.remove(at: 1) } == ["dns.dmarc"])
  }

  @Test func `each thing wrong with the stack is its own finding`() {
    #expect(failing(Samples.stack) { $0.status = "UPDATE_ROLLBACK_FAILED" } == ["cfn.status"])
    #expect(failing(Samples.stack) { $0.drift = "DRIFTED" } == ["cfn.drift"])
    #expect(failing(Samples.stack) { $0.isProtected = false } == ["cfn.termination-protection"])
    #expect(failing(Samples.stack) { $0.drift = "NOT_CHECKED" }.isEmpty)
  }

  @Test func `a change set that waits for days is a finding until it is executed or obsolete`() {
    let late = Samples.now.adding(ms: -2 * Span.day)
    #expect(
      failing(Samples.changeSets) { $0.sets[0].createdAt = late } == ["cfn.waiting-change-set"])
    #expect(
      failing(Samples.changeSets) {
        $0.sets[0].createdAt = late
        $0.sets[0].execution = "OBSOLETE"
      }.isEmpty)
  }

  @Test func `an act past Caretaker is a finding`() {
    #expect(failing(Samples.trail) { $0.outside = ["e1"] } == ["trail.past-caretaker"])
  }
}
