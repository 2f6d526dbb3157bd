import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// What pages say when something is not right or not there.
@Suite struct ProblemPageTests {
  private func title(_ response: Response) -> String {
    response.text.components(separatedBy: "<title>").last?.components(separatedBy: " – ").first
      ?? ""
  }

  /// The page of an error.
  private func page(of error: any Error, on stage: Stage) -> Response {
    let failure = Failure(error)
    return stage.portal.html(
      FailurePage(title: failure.title, sentence: failure.sentence), for: nil, id: "x",
      status: failure.status)
  }

  /// Where the summary of a page leads.
  private func target(_ response: Response) -> String {
    let summary = response.text.components(separatedBy: "<h2>There is a problem</h2>").last ?? ""
    return summary.components(separatedBy: "href=\"#").dropFirst().first
      .map { String($0.prefix { $0 != "\"" }) } ?? ""
  }

  @Test func `a form that is not right says so in the title and leads to where it is`()
    async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    let id = try stage.person("viewer").id
    let refused: [(String, [String: String])] = [
      ("/account/password", ["password": "x", "new_password": "y"]),
      ("/freezes", ["from": "tomorrow"]),
      ("/emergencies", ["reason": ""]),
      ("/people", ["login": "", "name": ""]),
      ("/people/\(id)/accounts", ["account": "nobody"]),
      ("/mail/letters", ["from": "aws", "day": "2026-01-01", "text": ""]),
      ("/mail/checks", ["row": MailReadiness.byHand[0].id, "note": ""]),
      ("/members/decisions", ["choice": "nothing"]),
      ("/account/factors", ["code": "000000"]),
    ]
    for (path, fields) in refused {
      let page = await browser.post(path, fields)
      #expect(title(page).hasPrefix("Error: "), "\(path)")
      #expect(page.text.contains("role=\"alert\" tabindex=\"-1\" autofocus>"), "\(path)")
      let target = target(page)
      #expect(page.text.contains(" id=\"\(target)\""), "\(path) #\(target)")
    }
    try await stage.end()
  }

  @Test func `a freeze that is refused keeps what was typed, but no secret`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "approver")
    let fields = ["from": "2026-12-24T10:00", "to": "2026-12-23T10:00", "reason": "Holidays"]
    let kept = await browser.post(
      "/freezes", fields.merging(["except-ecs.count": "yes"]) { $1 })
    #expect(kept.status == .unprocessableContent)
    for part in [
      "<details open>", "value=\"2026-12-24T10:00\"", "value=\"2026-12-23T10:00\"",
      ">Holidays</textarea>", "name=\"except-ecs.count\" value=\"yes\" checked",
    ] {
      #expect(kept.text.contains(part), "\(part)")
    }
    let secret = "AKIAIOSFODNN7EXAMPLE"
    let refused = await browser.post(
      "/freezes",
      ["from": "2026-12-23T10:00", "to": "2026-12-24T10:00", "reason": "key \(secret)"])
    #expect(refused.status == .unprocessableContent)
    #expect(!refused.text.contains(secret))
    try await stage.end()
  }

  @Test func `an error says that nothing was changed wherever that is sure`() {
    let token = SiteSecret(name: "key", key: "ghost_key_file", file: nil, value: nil)
    let harmless: [any Error] = [
      PlanProblem("The stack is gone."), GitHubError(.noToken, "GET /actions/runs"),
      GhostError(.noKey(token), "PUT /settings/"), Refusal.planMoved,
    ]
    for error in harmless {
      #expect(Failure(error).sentence.hasSuffix(" Nothing was changed."), "\(error)")
    }
    let unsure = GitHubError(.unreadable("no JSON"), "POST /actions/runs/1/rerun")
    #expect(!Failure(unsure).sentence.contains("Nothing was changed."))
    #expect(Failure(unsure).title == "GitHub did not answer as it should")
  }

  @Test func `what is not there, not allowed or not possible now is told apart, with a reference`()
    async throws
  {
    let stage = try Stage()
    let viewer = try await stage.browser(as: "viewer")
    let operatorOne = try await stage.browser(as: "operator")
    let pages = [
      await viewer.get("/nothing"), await viewer.get("/audit"),
      await operatorOne.post("/themes/1/end", token: "another"),
      page(of: Refusal.reasonMissing, on: stage), page(of: Busy(), on: stage),
    ]
    #expect(pages.map(\.status.code) == [404, 403, 403, 409, 503])
    #expect(Set(pages.map(title)).count == pages.count)
    for page in pages {
      #expect(page.text.contains("Nothing was changed"))
      #expect(page.text.contains("<dt>Reference</dt>"))
      #expect(page.text.contains("class=\"button\" href=\"/\""))
    }
    try await stage.end()
  }

  @Test(arguments: [
    Refusal.reasonMissing, .wrongPassword, .frozen(until: Moment(ms: 0), reason: "Launch"),
  ])
  func `that a refusal has changed nothing is said once`(refusal: Refusal) {
    #expect(Failure(refusal).sentence.ranges(of: "Nothing was changed").count == 1)
  }
}
