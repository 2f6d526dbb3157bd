import Cryptography
import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What was typed in a form is there again, when a change is edited or asked for once more. They
/// share the peer, and so the suite.
extension SettingKindTests {
  @Test(
    arguments: [
      "kind=ecs.count&count=2", "kind=rds.class&class=db.t3.small&when=window",
      "kind=s3.lifecycle&days=120", "kind=rds.restore&from=latest&id=ghost-again",
      "kind=dns.record&act=create&name=news.example.com&type=TXT&ttl=300"
        + "&values=%22v%3Dspf1%20-all%22",
    ])
  func `a change that has run out of time is previewed again as it was asked for`(query: String)
    async throws
  {
    let stage = try await stage()
    let number = try await proposed(query, on: stage)
    let before = try stage.change(number).plan
    stage.clock.advance(ms: 40 * Span.day)
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/changes/\(number)")
    let link = try #require(page.text.firstMatch(of: /href="([^"]+)">Preview it again/))
    let path = link.1.replacingOccurrences(of: "&amp;", with: "&")
    #expect(path.hasPrefix("/changes/preview?"))
    let again = await browser.get(path)
    #expect(again.status == .ok, "\(path)")
    let bytes = try #require(Base64URL.decode(try again.hidden("plan")))
    let plan = try #require(Plan(bytes: bytes))
    #expect(plan.change != before.change)
    #expect(plan.title == before.title && plan.parameters == before.parameters)
    try await stage.end()
  }

  @Test func `the form that edits a change holds what was typed`() async throws {
    let stage = try await stage()
    let number = try await proposed(
      "kind=dns.record&act=create&name=news.example.com&type=TXT&ttl=777"
        + "&values=%22v%3Dspf1%20-all%22", on: stage)
    let browser = try await stage.browser(as: "operator")
    let page = await browser.get("/changes/\(number)").text
    let link = try #require(page.firstMatch(of: /href="([^"]+revises=[^"]*)"/))
    let form = await browser.get(link.1.replacingOccurrences(of: "&amp;", with: "&"))
    #expect(form.status == .ok)
    for words in ["news.example.com", "777", "v=spf1 -all"] {
      #expect(form.text.contains(words), "\(words)")
    }
    try await stage.end()
  }

  @Test func `a secret in what a preview carries is refused, and kept nowhere`() async throws {
    let stage = try await stage()
    let browser = try await stage.browser(as: "operator")
    let preview = await browser.get("/changes/preview?kind=ecs.count&count=2")
    let answer = await browser.post(
      "/changes",
      [
        "plan": try preview.hidden("plan"), "seal": try preview.hidden("seal"),
        "asked": "kind=ecs.count&count=AKIAIOSFODNN7EXAMPLE", "reason": "newsletter",
      ])
    #expect(answer.status == .conflict)
    #expect(answer.text.contains("an AWS access key"))
    #expect(try stage.auditTypes().allSatisfy { $0 != "change.proposed" })
    try await stage.end()
  }
}
