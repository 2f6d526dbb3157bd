import GRDB
import Logging
import Rules

extension Portal {
  /// How often the clock looks for changes whose time has come.
  static let scheduleEveryMs = 5 * Span.second

  /// Runs changes at the times that stand in their plans, until cancelled.
  public func keepSchedule() async {
    while !Task.isCancelled {
      do { try await runWhatIsDue() } catch { log.error("Schedule: \(error)") }
      try? await Task.sleep(for: .milliseconds(Self.scheduleEveryMs))
    }
  }

  /// Runs every change whose time has come. One that is refused is not tried again by the clock:
  /// the refusal is in the log, and a person may press Run while the approval lasts.
  func runWhatIsDue() async throws {
    let now = outside.now()
    let due = try await storage.write { [boot] db in
      try ChangeStore.all([.approved], in: db).sound.filter { change in
        guard change.isDue(at: now, runningSince: boot.startedAt) else { return false }
        return try ChangeStore.noteTry(change, at: now, in: db)
      }
    }
    for change in due { await runOnTime(change.number) }
  }

  private func runOnTime(_ number: Int64) async {
    // The run before it may have taken a while.
    let now = outside.now()
    do {
      try await run(number, by: .schedule, typed: "", at: now)
    } catch {
      let why = (error as? Refusal)?.entry ?? Failure(error).sentence
      do {
        try await storage.write { db in
          try AuditLog.append(
            .changeRefused(number: number, act: "run on time", why: why), by: .portal, at: now,
            in: db)
        }
      } catch {
        log.error("CR-\(number) was not run on time, which can't be written: \(why) \(error)")
      }
    }
  }
}
