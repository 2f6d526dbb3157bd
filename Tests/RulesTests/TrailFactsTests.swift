import Rules
import Testing

/// Whose an act is.
struct TrailFactsTests {
  private let minute = Span.minute

  private func act(_ operation: String, at ms: Int64, by identity: String = "user/us") -> TrailAct {
    TrailAct(
      id: "\(operation)-\(ms)", operation: operation, service: "ecs", at: Moment(ms: ms), who: "x",
      identity: identity, resource: "service")
  }

  private func outside(_ acts: [TrailAct], _ calls: [OwnCall]) -> [String] {
    TrailFacts(since: Moment(ms: 0), ownIdentity: "user/us", acts: acts).outside(of: calls)
      .map(\.operation)
  }

  @Test func `a call of ours between its intent and its outcome is ours`() {
    let call = OwnCall(operation: "UpdateService", from: Moment(ms: 0), to: Moment(ms: 5_000))
    #expect(outside([act("UpdateService", at: 3_000)], [call]) == [])
    #expect(outside([act("UpdateService", at: 5_000 + minute)], [call]) == [])
  }

  @Test func `the same call by somebody else, or long after, is not`() {
    let call = OwnCall(operation: "UpdateService", from: Moment(ms: 0), to: Moment(ms: 5_000))
    #expect(outside([act("UpdateService", at: 3_000, by: "user/olive")], [call]).count == 1)
    #expect(outside([act("UpdateService", at: 5_001 + minute)], [call]).count == 1)
  }

  @Test func `our credentials used past any change are somebody else's`() {
    #expect(outside([act("DeleteService", at: 3_000)], []) == ["DeleteService"])
  }

  @Test func `a call without an outcome is ours however long it takes`() {
    let call = OwnCall(operation: "UpdateService", from: Moment(ms: 0), to: nil)
    #expect(outside([act("UpdateService", at: 60 * minute)], [call]) == [])
  }
}
