import Testing

@testable import AWS

struct ClockLeadTests {
  /// An answer of the hour when the script's clock starts, and a few seconds.
  private func answer(_ seconds: String, status: Int = 200) -> Script.Line {
    guard case .answer(var answer) = Script.Line.identity else { return .identity }
    answer.status = status
    answer.headers = [HTTPHeader("Date", "Sun, 09 Sep 2001 01:46:\(seconds) GMT")]
    return .answer(answer)
  }

  @Test func `the last answer says how far AWS's clock is ahead, whether it agreed or refused`()
    async throws
  {
    let script = Script([answer("45"), answer("10", status: 403), .identity])
    let client = script.client()
    #expect(client.clockLeadMs == nil)
    _ = try await STS(client).getCallerIdentity()
    #expect(client.clockLeadMs == 5_000)
    await #expect(throws: AWSError.self) { _ = try await STS(client).getCallerIdentity() }
    #expect(client.clockLeadMs == -30_000)
    _ = try await STS(client).getCallerIdentity()
    #expect(client.clockLeadMs == -30_000, "an answer without a date says nothing")
  }

  @Test func `what AWS says in refusing is cleaned before anybody sees it`() async {
    let script = Script([
      .text(
        400, #"{"__type": "x#Bad-canary", "message": "sent canary"}"#,
        [HTTPHeader("x-amzn-requestid", "id-canary")])
    ])
    let client = script.client(clean: { $0.replacing("canary", with: "…") })
    do {
      _ = try await STS(client).getCallerIdentity()
      Issue.record("it agreed")
    } catch {
      #expect(!"\(error)".contains("canary") && !error.sentence.contains("canary"))
      #expect(error.sentence.contains("sent …"))
    }
  }
}
