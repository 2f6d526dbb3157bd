import GRDB
import Rules
import Testing

@testable import Portal

/// What a start makes of what an earlier one left open.
@Suite struct RestartTests {
  /// A change that was being run when the portal ended.
  private func cutOff(in state: ChangeState, intended: Bool) async throws -> Stage {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let person = try stage.person("operator")
    try stage.portal.storage.writeNow { db in
      let change = try ChangeStore.find(number, in: db)
      try ExecutionStore.begin(
        change, by: person, as: .person(person), approvers: [], emergency: nil,
        boot: stage.portal.boot, under: .notNeeded, at: stage.clock.now, in: db)
      let begun = try ChangeStore.find(number, in: db)
      if intended {
        try ExecutionStore.intend(
          1, call: "ecs:UpdateService", of: begun, boot: stage.portal.boot, at: stage.clock.now,
          in: db)
      }
      if state == .verifying {
        try ChangeStore.move(
          begun, to: .verifying, why: "", by: .portal, at: stage.clock.now, in: db)
      }
    }
    try await stage.portal.close()
    return stage
  }

  @Test(arguments: [(ChangeState.executing, false), (.executing, true), (.verifying, true)])
  func `what ran at the end is unknown at the start, and still holds its lock`(
    state: ChangeState, intended: Bool
  ) async throws {
    let before = try await cutOff(in: state, intended: intended)
    let stage = try Stage(folder: before.folder, clock: before.clock)
    #expect(try stage.change(1).storedState == .unknown)
    let locks = try stage.portal.storage.readNow {
      try String.fetchAll($0, sql: "SELECT resource FROM locks")
    }
    #expect(locks == ["ecs:cluster/ghost"])
    #expect(try stage.auditTypes().suffix(2) == ["portal.started", "change.moved"])
    try await stage.end()
  }

  @Test func `an executor of an earlier start can't go on`() async throws {
    let before = try await cutOff(in: .executing, intended: false)
    let stage = try Stage(folder: before.folder, clock: before.clock)
    let change = try stage.change(1)
    #expect(throws: Refusal.planMoved) {
      try stage.portal.storage.writeNow { db in
        try ExecutionStore.intend(
          1, call: "x", of: change, boot: before.portal.boot, at: stage.clock.now, in: db)
      }
    }
    try await stage.end()
  }

  @Test func `changes that wait go on waiting`() async throws {
    let before = try Stage()
    _ = try await Proposals.propose(on: before)
    try await before.portal.close()
    let stage = try Stage(folder: before.folder, clock: before.clock)
    #expect(try stage.change(1).storedState == .pending)
    try await stage.end()
  }
}
