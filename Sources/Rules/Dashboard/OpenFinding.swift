/// What a check has found, with what only the time before can tell.
public struct OpenFinding: Sendable {
  /// What was found.
  public let finding: Finding
  /// Since when it is found.
  public let since: Moment
  /// Whether somebody answers for it, so that it asks for nothing.
  public let isAccepted: Bool

  /// What was found.
  public init(_ finding: Finding, since: Moment, isAccepted: Bool) {
    self.finding = finding
    self.since = since
    self.isAccepted = isAccepted
  }
}

extension [OpenFinding] {
  /// How things are, in one sentence, the worst first. What is not known is never good.
  public var sentence: String {
    guard !isEmpty else { return "Nothing has been read yet." }
    let open = filter { $0.finding.outcome == .fail && !$0.isAccepted }
    let danger = open.count { $0.finding.health == .danger }
    let unread = count { $0.finding.outcome == .noData }
    var parts: [String] = []
    if danger > 0 { parts.append("\(danger) in danger") }
    if open.count > danger { parts.append("\(open.count - danger) to look after") }
    if unread > 0 { parts.append("\(unread) not known") }
    return parts.isEmpty ? "All good." : parts.joined(separator: ", ") + "."
  }

  /// What asks for somebody: each danger by itself, what can't be told by its cause, and the rest
  /// counted by resource, so that it does not hide what is urgent.
  /// - Parameter canMend: whether the person can propose the change that mends something.
  public func attention(canMend: (Mend) -> Bool) -> [AttentionItem] {
    let open = filter { $0.finding.outcome == .fail && !$0.isAccepted }
    return open.filter { $0.finding.health == .danger }.map { $0.danger(canMend: canMend) }
      + filter { $0.finding.outcome == .noData }.causes
      + open.filter { $0.finding.health != .danger }.bySubject
  }

  /// What can't be told, once for each cause: one failure may keep many checks from being made.
  private var causes: [AttentionItem] {
    Dictionary(grouping: self, by: \.finding.state).compactMap { state, found in
      guard let first = found.map(\.since).min() else { return nil }
      let subjects = Set(found.map(\.finding.subject)).sorted { $0.label < $1.label }
      let names = subjects.map(\.label)
      guard let name = names.first else { return nil }
      let those =
        names.count < 3 ? names.joined(separator: " and ") : "\(name) and \(names.count - 1) more"
      return AttentionItem(
        .noData, those, detail: state, at: names.count == 1 ? .subject(subjects[0]) : .resources,
        moment: first)
    }
  }

  /// What is to be looked after, counted by resource where there is more than one.
  private var bySubject: [AttentionItem] {
    Dictionary(grouping: self, by: \.finding.subject).compactMap { subject, found in
      guard let first = found.min(by: { $0.since < $1.since }) else { return nil }
      return found.count == 1
        ? AttentionItem(
          .attention, "\(subject.label): \(first.finding.state)",
          at: .finding(first.finding.id), moment: first.since)
        : AttentionItem(
          .attention, "\(subject.label): \(found.count) things to look after.",
          at: .subject(subject), moment: first.since)
    }
  }
}

extension OpenFinding {
  fileprivate func danger(canMend: (Mend) -> Bool) -> AttentionItem {
    let mend = finding.mend.flatMap { canMend($0) ? $0 : nil }
    let rank: AttentionItem.Rank =
      finding.subject == .blog ? .outage : mend == nil ? .danger : .mend
    return AttentionItem(
      rank, "\(finding.subject.label): \(finding.state)",
      detail: finding.remedy,
      at: .finding(finding.id), act: mend.map { _ in "Preview the change" },
      mend: mend, moment: since)
  }
}
