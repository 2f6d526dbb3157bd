import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Tests against an AWS peer of their own over HTTP, each on a freshly seeded one. They take turns.
protocol CloudSuite {
  var peer: CloudPeer { get }
}

extension CloudSuite {
  /// A portal that has read the peer's account. Its runs have sessions of their own.
  func stage() async throws -> Stage {
    let stage = try Stage(endpoint: peer.url) { $0.runRole = Samples.runRole }
    try await poll(stage)
    return stage
  }

  func poll(_ stage: Stage) async throws {
    await stage.portal.poll(stage.portal.means(at: stage.portal.configuration.sites[0]))
  }

  /// What a kind works with, outside of a run, and what somebody past the portal works with.
  func directMeans(on stage: Stage) -> Means {
    var means = stage.portal.means(at: stage.portal.configuration.sites[0])
    means.cloud = means.cloud.asCaretaker
    return means
  }

  /// Previews and proposes through the pages.
  func proposed(_ query: String, on stage: Stage) async throws -> Int64 {
    try await Proposals.propose(query, reason: "newsletter", on: stage)
  }

  /// Previews, proposes and approves through the pages.
  func approved(_ query: String, on stage: Stage) async throws -> Int64 {
    let number = try await proposed(query, on: stage)
    try await Proposals.approve(number, on: stage)
    return number
  }

  func run(_ number: Int64, on stage: Stage) async throws -> Response {
    try await stage.browser(as: "operator-2").run(number)
  }

  /// Waits until a change has come to rest; gives up after a minute, by failing.
  func settled(_ number: Int64, on stage: Stage) async throws -> ChangeState {
    let state = try await stage.settled(number) { try peer.advance(seconds: 60) }
    if state == .succeeded { try checkSession(of: number, on: stage) }
    return state
  }

  /// Holds what the session of a run was allowed against what the run needed: no more, no less.
  private func checkSession(of number: Int64, on stage: Stage) throws {
    guard stage.portal.configuration.sites[0].runRole != nil else { return }
    let place = AccessPlace(partition: "aws", region: "us-west-2", account: "123456789012")
    let plan = try stage.change(number).plan
    let allowed = try AccessPolicy.session(for: plan, at: place)?.statements.flatMap(\.actions)
    let calls = try peer.calls().filter { $0.session == RunSession.namePrefix + String(number) }
    #expect(Set(calls.flatMap { $0.actions ?? [] }) == Set(allowed ?? []), "\(plan.kind)")
  }

  /// Polls while nobody knows what became of a change, ten times at most.
  func lookOn(at number: Int64, on stage: Stage) async throws {
    for _ in 0..<10 where try stage.change(number).storedState == .unknown {
      try peer.advance(seconds: 120)
      try await Task.sleep(for: .milliseconds(500))
      try await poll(stage)
    }
  }

  /// A change that is ready to run: approved where it needs an approval.
  func ready(_ query: String, on stage: Stage) async throws -> Int64 {
    let number = try await proposed(query, on: stage)
    if try stage.change(number).storedState == .pending {
      try await Proposals.approve(number, on: stage)
    }
    return number
  }

  /// Previews and proposes; approves where that is needed; runs and waits.
  func done(_ query: String, on stage: Stage) async throws -> ChangeState {
    let number = try await ready(query, on: stage)
    #expect(try await run(number, on: stage).status == .seeOther)
    return try await settled(number, on: stage)
  }
}
