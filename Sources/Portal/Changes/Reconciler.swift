import Logging
import Rules

/// Finds out what became of changes whose outcome is unknown, by reading only.
struct Reconciler: Sendable {
  let storage: Storage
  let outside: Outside
  let log: Logger

  /// Reads the live state of every unknown change of a site and settles those where it is decisive.
  func settle(with means: Means) async throws {
    let unknown = try await storage.read { try ChangeStore.all([.unknown], in: $0).sound }
    for change in unknown where change.plan.site == means.cloud.site.name {
      do {
        let readings = try await ChangeKind.of(change.plan).read(means, change.plan)
        try await record(readings, of: change)
      } catch let error where !(error is CancellationError) {
        // One that can't be looked at does not keep the others from it.
        let why = (error as? any SpokenError)?.sentence ?? "\(error)"
        log.warning("CR-\(change.number) can't be looked at yet: \(why)")
      }
    }
  }

  private func record(_ readings: [String: String], of change: Change) async throws {
    try await storage.write { [now = outside.now()] db in
      // A person may have settled it meanwhile.
      let current = try ChangeStore.find(change.number, in: db)
      guard current.storedState == .unknown else { return }
      try EvidenceStore.set(readings, of: current, at: now, in: db)
      if let verdict = Verdict.decisive(of: current.plan, from: readings) {
        try ChangeStore.move(
          current, to: verdict.state, why: verdict.why, by: .portal, at: now, in: db)
      }
    }
  }

  /// Closes changes whose clock has run out, and tells of those whose clock soon will. Guards never
  /// wait for this: to them an expired change is expired at once.
  func sweep() async throws {
    try await storage.write { [now = outside.now()] db in
      let open = try ChangeStore.all([.pending, .approved], in: db).sound
      guard !open.isEmpty else { return }
      let house = try HouseStore.house(at: now, in: db)
      for change in open {
        guard change.state(at: now) == .expired else {
          try ChangeStore.tellExpiry(of: change, in: house, db)
          continue
        }
        try ChangeStore.move(
          change, to: .expired, why: "Its time ran out.", by: .portal, at: now, in: db)
      }
    }
  }
}
