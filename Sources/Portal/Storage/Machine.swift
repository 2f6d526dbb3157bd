import GRDB
import Logging
import Rules

/// Whether the machine can be trusted with a guarded run, and what keeps it so.
extension Portal {
  /// Whether what a run does could be written down now.
  func storageStanding() async throws -> StorageStanding {
    await storage.standing(in: try await space())
  }

  /// Whether the clock agrees with the log and with AWS, as the cloud last answered.
  func clockStanding(with cloud: Cloud) async throws -> ClockStanding {
    let floor = try await storage.read { try TimeFloor.read(in: $0) }
    return ClockStanding(now: outside.now(), floor: floor, behindMs: cloud.clockLeadMs)
  }

  /// Why nothing guarded may be begun now; nil when it may.
  func obstacle(with cloud: Cloud) async throws -> Refusal? {
    if let refusal = try await storageStanding().refusal { return refusal }
    return try await clockStanding(with: cloud).refusal
  }

  /// What pages say of the machine: as far as it is known without trying.
  func notices(at now: Moment, in db: Database) throws -> [String] {
    let storage = storage.lastStanding(in: outside.space(configuration.dataFolder))
    let leads = configuration.sites.compactMap { outside.cloud($0).clockLeadMs }
    let clock = ClockStanding(
      now: now, floor: try TimeFloor.read(in: db),
      behindMs: leads.max { $0.magnitude < $1.magnitude })
    return [
      lease.standing.problem, storage.problem, clock.problem,
      try logStanding(at: now, in: db).sentence,
      try DeliveryStore.problem(at: now, in: db),
    ].compactMap { $0 }
  }

  /// Whether there is room for what can be done without: what was seen, the index of the log. A
  /// little that still finds room would hide that nothing else does.
  var hasRoom: Bool {
    storage.lastStanding(in: outside.space(configuration.dataFolder)) == .healthy
  }

  /// Keeps the data folder in order, on the pollers' clock, until cancelled.
  func keepHouse() async {
    while !Task.isCancelled {
      do {
        try await storage.restoreBallast(in: try await space())
        try await storage.write { [now = outside.now()] db in
          try Retention.sweep(at: now, in: db)
          try TodoStore.followDrills(at: now, in: db)
        }
        let open = try await storage.read { try ChangeStore.all(ChangeState.open, in: $0) }
        for number in open.damaged { log.error("\(Damage.change(number))") }
      } catch {
        log.error("The data folder: \(error)")
      }
      try? await Task.sleep(for: .seconds(configuration.pollSeconds))
    }
  }

  private func space() async throws -> Space? {
    try await storage.read { [outside, folder = configuration.dataFolder] _ in
      outside.space(folder)
    }
  }
}
