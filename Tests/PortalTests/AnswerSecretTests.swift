import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// AWS repeats in its refusals what it was sent. They share the peer, and so the suite.
extension RunChangeTests {
  @Test func `secrets in AWS's refusals are in no file, no log and no page`() async throws {
    let log = CapturedLog()
    let stage = try Stage(endpoint: peer.url, log: log.logger)
    try await poll(stage)
    let count = try await approved("kind=ecs.count&count=2", on: stage)
    for batch in stride(from: 0, to: Canary.all.count, by: 8) {
      let canaries = Canary.all[batch..<min(batch + 8, Canary.all.count)]
      try peer.faults("[" + canaries.map(fault).joined(separator: ",") + "]")
      try await poll(stage)
    }
    let browser = try await stage.browser(as: "operator-2")
    for canary in Canary.all.prefix(20) {
      try peer.faults("[" + fault(canary, of: "DescribeServices") + "]")
      let response = await browser.run(count)
      #expect([.badGateway, .conflict].contains(response.status))
      #expect(!response.text.contains(canary.core))
    }
    let last = try #require(Canary.all.last)
    try peer.faults("[" + fault(last, of: "UpdateService") + "]")
    #expect(await browser.run(count).status == .seeOther)
    #expect(try await settled(count, on: stage) == .failedNoEffect)
    let story = await (try stage.browser(as: "auditor")).get("/changes/\(count)").text
    #expect(story.contains("taken out"))
    try await expectNoCanary(on: stage, log)
    try await stage.end()
  }

  /// A refusal of the next call; of every call of an operation that is named, since one that is
  /// still on its way may come first.
  private func fault(_ canary: Canary) -> String { fault(canary, of: nil) }

  private func fault(_ canary: Canary, of operation: String?) -> String {
    let text = canary.text.replacingOccurrences(of: "\n", with: "\\n")
    let name = operation.map { "\"operation\": \"\($0)\", \"times\": 100, " } ?? ""
    return "{\(name)\"code\": \"InvalidParameterException\", \"message\": \"it said \(text)\"}"
  }
}
