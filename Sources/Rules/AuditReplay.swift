/// Runs through the entries of a log in order and finds where it tells of something that must not
/// have happened: a run without enough other persons, a call without a run. Needs nothing but the
/// log, and keeps of it only the team, what is open and which changes have ended.
public struct AuditReplay: Sendable {
  private var team = TeamReplay()
  /// The changes that have not ended.
  private var stories: [Int64: ChangeReplay] = [:]
  private var ended = NumberSet()
  /// Who declared an emergency, and until when it lasts.
  private var emergencies: [Int64: (person: Int64, until: Int64)] = [:]

  /// Before the first entry.
  public init() {}

  /// Takes the next entry.
  /// - Parameters:
  ///   - person: who did it; nil when nobody signed in did.
  ///   - at: when, in milliseconds since 1970.
  /// - Returns: the rule that it breaks, in words; nil when it breaks none.
  public mutating func apply(
    type: String, person: Int64?, at: Int64, data: Canonical
  ) -> String? {
    team.apply(type: type, person: person, at: at, data)
    if type.hasPrefix("emergency.") { return applyEmergency(type, person, data) }
    guard type.hasPrefix("change.") || type.hasPrefix("run.") || type.hasPrefix("step."),
      !type.hasSuffix(".refused"), let number = data["change"]?.number
    else { return nil }
    if type == "change.proposed" { return propose(number, by: person, data) }
    let isRun = type == "run.started"
    guard !ended.contains(number) else {
      return "CR-\(number) \(isRun ? "was run" : "went on") after its end"
    }
    // Taken out while it changes, so that nothing of it is copied.
    guard var story = stories.removeValue(forKey: number) else {
      return "CR-\(number) was never proposed"
    }
    let broken =
      isRun
      ? run(&story, by: person, at: at, data)
      : story.apply(type: type, person: person, at: at, data, in: team)
    if story.isEnded { ended.insert(number) } else { stories[number] = story }
    return broken.map { "CR-\(number) \($0)" }
  }

  private mutating func propose(_ number: Int64, by person: Int64?, _ data: Canonical) -> String? {
    guard let person, stories[number] == nil, !ended.contains(number),
      let story = ChangeReplay(by: person, data)
    else {
      return "CR-\(number) was proposed twice, or by nobody"
    }
    stories[number] = story
    return nil
  }

  private mutating func applyEmergency(
    _ type: String, _ person: Int64?, _ data: Canonical
  ) -> String? {
    guard let number = data["emergency"]?.number else { return "an emergency has no number" }
    if type == "emergency.declared", let person, let until = data["until"]?.number {
      emergencies[number] = (person, until)
    } else if let person, let declarer = emergencies[number]?.person,
      team.areSame(declarer, person)
    {
      return "E-\(number) was reviewed by who declared it"
    }
    return nil
  }

  /// A run needs the plan as it stands, and either enough approvals that count or an emergency.
  private func run(
    _ story: inout ChangeReplay, by person: Int64?, at: Int64, _ data: Canonical
  ) -> String? {
    guard data["digest"]?.text == story.digest else { return "was run as another plan" }
    guard !team.isDisabled(story.requester) else { return "was run for somebody disabled" }
    let emergency = data["emergency"]?.number.flatMap { emergencies[$0] }
    if let emergency {
      guard emergency.person == person, at <= emergency.until, story.restoresService else {
        return "was run in an emergency that does not cover it"
      }
    } else {
      let counted = team.counted(story.approvals, besides: story.editors, at: at)
      guard counted >= story.approvalsNeeded else {
        return "was run without \(story.approvalsNeeded) other persons who count"
      }
      if let last = story.approvals.values.max(), story.coolingOffMs > 0 {
        guard at - last >= story.coolingOffMs else { return "was run before its cooling-off ended" }
      }
    }
    return story.begin(by: person, attempt: data["attempt"]?.number ?? 1)
  }
}
