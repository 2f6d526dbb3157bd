import AWS
import Rules

// What the answers of CloudWatch, its logs and SNS mean as facts.

extension Cloud {
  /// How far back the log is looked through, each time.
  static let logSpanMs = Span.hour
  /// The most lines that are looked at, each time.
  static let logLinesMax = 10_000
  /// The newest lines that are shown.
  static let logErrorsMax = 20

  /// The log group, and what the last hour's lines tell.
  func logFacts(_ name: String, at now: Moment) async throws -> LogFacts {
    async let group = logs.describeLogGroup(name)
    async let found = logs.filterLogEvents(
      group: name, fromMs: now.adding(ms: -Self.logSpanMs).ms, toMs: now.ms,
      pattern: Self.troublePattern, limit: Self.logLinesMax)
    let (settings, lines) = try await (group, found)
    var signatures: [String: Int64] = [:]
    for signature in LogSignature.all {
      signatures[signature.id] = Int64(
        lines.events.filter { $0.message.contains(signature.phrase) }.count)
    }
    let errors = lines.events.filter { $0.message.contains("ERROR") }
    return LogFacts(
      retentionDays: settings.retentionInDays.map(Int64.init), storedBytes: settings.storedBytes,
      signatures: signatures,
      errors: errors.sorted { $0.atMs > $1.atMs }.prefix(Self.logErrorsMax).map {
        LogLineSeen(
          at: Moment(ms: $0.atMs),
          text: String(SecretScan.redacted($0.message).prefix(Self.lineCharactersMax)))
      },
      isComplete: lines.isComplete)
  }

  /// The most of a line that is kept.
  private static let lineCharactersMax = 500

  /// Lines with any known sign of trouble, or an error ("Filter pattern syntax", CloudWatch Logs).
  private static let troublePattern =
    (LogSignature.all.map(\.phrase) + ["ERROR"]).map { "?\"\($0)\"" }.joined(separator: " ")

  /// The alarms of the region.
  func alarmFacts() async throws -> AlarmFacts {
    AlarmFacts(
      alarms: try await cloudWatch.describeAlarms().sorted { $0.name < $1.name }.map {
        AlarmSummary(
          name: $0.name, state: $0.state, reason: $0.reason,
          since: $0.sinceMs.map(Moment.init(ms:)),
          metric: [$0.namespace, $0.metric].compactMap { $0 }.joined(separator: " "),
          tellsSomebody: $0.areActionsEnabled && !$0.actions.isEmpty,
          setting: AlarmSetting($0), declared: AlarmSetting.declared(in: $0.description))
      })
  }

  /// The topics of the stack, and those that alarms tell.
  func topicFacts(_ ofStack: [String]) async throws -> TopicFacts {
    let told = try await cloudWatch.describeAlarms().flatMap(\.actions)
      .filter { $0.hasPrefix("arn:") && $0.contains(":sns:") }
    let topics = try await withThrowingTaskGroup { group in
      for arn in Set(ofStack + told) { group.addTask { try await topic(arn) } }
      return try await group.reduce(into: [TopicSummary]()) { $0.append($1) }
    }
    return TopicFacts(topics: topics.sorted { $0.name < $1.name })
  }

  private func topic(_ arn: String) async throws -> TopicSummary {
    let name = SiteIDs.name(in: arn)
    do {
      let all = try await sns.listSubscriptions(of: arn)
      let pending = all.filter(\.isPending)
      return TopicSummary(
        name: name, arn: arn, confirmed: Int64(all.count - pending.count),
        pending: Int64(pending.count),
        pendingAddress: pending.first { $0.protocol == "email" }?.endpoint)
    } catch {
      guard case .notFound = error.reason else { throw error }
      // An alarm may tell a topic that is gone: then it tells nobody.
      return TopicSummary(name: name, arn: arn, confirmed: 0, pending: 0)
    }
  }
}
