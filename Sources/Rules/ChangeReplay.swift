/// What the log has said so far of one change that has not ended.
struct ChangeReplay: Sendable {
  private(set) var digest = ""
  private(set) var approvalsNeeded: Int64 = 1
  private(set) var coolingOffMs: Int64 = 0
  private(set) var restoresService = false
  private(set) var editors: Set<Int64> = []
  /// Who approved the plan as it stands, and when.
  private(set) var approvals: [Int64: Int64] = [:]
  /// Whether it has come to an end, after which the log must not tell of it any more.
  var isEnded: Bool { state.isFinal }
  private var state = ChangeState.pending
  private var isRunning = false
  private var attempts: Int64 = 0
  /// Everybody who ran it; what the clock runs is run for who proposed it.
  private var executors: Set<Int64> = []
  private var finder: Int64?
  let requester: Int64

  /// Where a change can be moved from where it is. Nothing tells apart here whether one that was
  /// not run yet is approved: that is counted at its run.
  private static let moves: [ChangeState: Set<ChangeState>] = [
    .pending: [.expired, .stale],
    .executing: [.verifying, .unknown, .failedNoEffect, .failedPartial],
    .verifying: [.unknown, .succeeded, .failedPartial],
    .unknown: [.succeeded, .failedNoEffect, .failedPartial],
  ]

  init?(by person: Int64, _ data: Canonical) {
    requester = person
    guard revise(by: person, data) else { return nil }
  }

  /// Takes the next entry about the change, other than its proposal and runs.
  /// - Returns: the rule that it breaks, to follow the change's name; nil when it breaks none.
  mutating func apply(
    type: String, person: Int64?, at: Int64, _ data: Canonical, in team: TeamReplay
  ) -> String? {
    switch type {
    case "change.revised":
      guard attempts == 0 else { return "was edited after its run began" }
      guard let person, revise(by: person, data) else { return "was edited by nobody" }
    case "change.repriced":
      guard attempts == 0 else { return "was edited after its run began" }
      let needed = approvalsNeeded
      guard person == nil, revise(by: nil, data), approvalsNeeded >= needed else {
        return "was given other prices by somebody, or needs less with them"
      }
    case "change.approved":
      guard attempts == 0 else { return "was approved after its run began" }
      guard let person, !editors.contains(person) else { return "was approved by its author" }
      guard data["digest"]?.text == digest else { return "was approved as another plan" }
      approvals[person] = at
    case "change.vote_withdrawn": approvals[person ?? 0] = nil
    case "change.withdrawn", "change.rejected", "change.revoked":
      guard attempts == 0 else { return "was taken back after its run began" }
      state = ChangeState(rawValue: String(type.dropFirst("change.".count))) ?? state
    case "change.found":
      guard let person, !executors.contains(where: { team.areSame($0, person) }) else {
        return "was settled by who ran it"
      }
      finder = person
    case "step.intended":
      guard isRunning else { return "made a call while it was not running" }
      guard data["digest"]?.text == digest, data["attempt"]?.number == attempts else {
        return "made a call of another plan or run"
      }
    case "change.moved": return move(person: person, data)
    default: break
    }
    return nil
  }

  /// Begins a run: the first, or another attempt at one whose outcome is unknown.
  mutating func begin(by person: Int64?, attempt: Int64) -> String? {
    guard attempt == attempts + 1, attempt == 1 || state == .unknown, !isRunning else {
      return "was run twice"
    }
    attempts = attempt
    executors.insert(person ?? requester)
    finder = nil
    state = .executing
    isRunning = true
    return nil
  }

  private mutating func move(person: Int64?, _ data: Canonical) -> String? {
    guard let next = data["state"]?.text.flatMap(ChangeState.init) else {
      return "moved to a state that does not exist"
    }
    guard Self.moves[state]?.contains(next) == true else {
      return "went from “\(state.words)” to “\(next.words)”"
    }
    if let person, state == .unknown, next.isFinal, person != finder {
      return "was settled without a finding"
    }
    isRunning = false
    state = next
    return nil
  }

  /// Takes another plan in the place of the one before, whose approvals are void.
  private mutating func revise(by person: Int64?, _ data: Canonical) -> Bool {
    guard let digest = data["digest"]?.text, let needed = data["approvals"]?.number,
      let guarding = data["guarding"]?.text.flatMap(Guarding.init),
      // A guarded change that needs nobody is what this rule is there to find.
      guarding == .logged ? needed >= 0 : needed >= 1
    else { return false }
    self.digest = digest
    approvals = [:]
    approvalsNeeded = needed
    coolingOffMs = data["cooling_off_ms"]?.number ?? 0
    restoresService = data["restores_service"]?.flag ?? false
    if let person { editors.insert(person) }
    return true
  }
}
