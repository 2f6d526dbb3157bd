import AWS
import Rules

extension Cloud {
  /// Calls that are made again and again by AWS itself or by a look for drift, and change nothing
  /// of what people look after.
  private static let quiet: Set = [
    "AssumeRole", "CreateLogStream", "CreateNetworkInterface", "Decrypt", "DeleteNetworkInterface",
    "DetectStackDrift", "GenerateDataKey", "PutLogEvents", "RegisterTargets", "DeregisterTargets",
    "SubmitTaskStateChange",
  ]

  /// Acts of anybody on what the stack holds.
  func trailFacts(_ ids: SiteIDs, since: Moment) async throws -> TrailFacts {
    async let caller = sts.getCallerIdentity()
    let events = try await cloudTrail.lookupEvents(fromMs: since.ms, toMs: now().ms)
    let managed = try ids.everyID.union([site.stack])
    let acts = events.compactMap { event -> TrailAct? in
      guard event.errorCode == nil, !Self.quiet.contains(event.name),
        let resource = event.resources.first(where: { Self.isManaged($0, managed) })
      else { return nil }
      return TrailAct(
        id: event.id, operation: event.name,
        service: String(event.source.prefix { $0 != "." }), at: Moment(ms: event.atMs),
        who: SecretScan.redacted(event.user), identity: Self.identity(event.arn),
        resource: SecretScan.redacted(resource))
    }
    return TrailFacts(
      since: since, ownIdentity: Self.identity(try await caller.arn),
      runIdentity: site.runRole.map { "assumed-role/\($0.name)" },
      acts: acts.sorted { ($0.at, $0.id) < ($1.at, $1.id) })
  }

  /// Who an ARN is, without a session: `user/caretaker`, `assumed-role/Caretaker`.
  private static func identity(_ arn: String) -> String {
    let name = SiteIDs.name(in: arn)
    let parts = name.split(separator: "/")
    return parts.first == "assumed-role" ? parts.prefix(2).joined(separator: "/") : name
  }

  /// Whether a name or ARN in an event is one of the stack's: CloudTrail gives either.
  private static func isManaged(_ name: String, _ managed: Set<String>) -> Bool {
    if managed.contains(name) { return true }
    let end = name.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? name
    return managed.contains(end)
  }
}

extension SiteIDs {
  /// Every physical id, and of ARNs their ends too.
  /// - Throws: ``PlanProblem`` when the stack has not been listed.
  var everyID: Set<String> {
    get throws {
      let all = try everything()
      return Set(
        all + all.compactMap { $0.split { $0 == "/" || $0 == ":" }.last.map(String.init) })
    }
  }
}
