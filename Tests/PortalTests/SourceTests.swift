import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Where a request comes from and what it may bring: pages of other sites, values from two places,
/// fields that no form has.
@Suite struct SourceTests {
  private func fetch(_ site: String, as destination: String?) throws -> HTTPFields {
    let siteName = try #require(HTTPField.Name("Sec-Fetch-Site"))
    let destinationName = try #require(HTTPField.Name("Sec-Fetch-Dest"))
    var fields: HTTPFields = [siteName: site]
    fields[destinationName] = destination
    return fields
  }

  @Test(arguments: ["image", "script", "style", "iframe", "frame", "embed", "object", "empty", nil])
  func `no route answers a page of another site that wants it as a part of itself`(
    destination: String?
  ) async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "administrator")
    let before = try stage.auditTypes()
    for route in Portal.routes where route.method == .get {
      let path = route.pattern.split(separator: "/", omittingEmptySubsequences: false)
        .map { $0.hasPrefix(":") ? "999" : String($0) }.joined(separator: "/")
      for site in ["cross-site", "same-site"] {
        let answer = await browser.send(
          .get, path, body: "", site: nil, extra: try fetch(site, as: destination))
        #expect(answer.status == .forbidden, "\(route.name)")
      }
    }
    #expect(try stage.auditTypes() == before, "another site does not fill the log")
    try await stage.end()
  }

  @Test func `a link on another site leads here, and our own pages may have parts`() async throws {
    let stage = try Stage()
    let browser = try await stage.browser(as: "viewer")
    for (site, destination) in [
      ("cross-site", "document"), ("same-site", "document"), ("none", "document"),
      ("same-origin", "empty"), ("same-origin", "image"),
    ] {
      let answer = await browser.send(
        .get, "/changes", body: "", site: nil, extra: try fetch(site, as: destination))
      #expect(answer.status == .ok, "\(site) \(destination)")
    }
    try await stage.end()
  }

  @Test func `a value that is given twice is refused, in an address, a form or both`() async throws
  {
    let stage = try Stage()
    let browser = try await stage.browser(as: "operator")
    #expect(await browser.get("/audit?type=a&type=b").status == .badRequest)
    #expect(await browser.get("/changes/preview?kind=ecs.count&kind=x").status == .badRequest)
    let token = "form_token=\(browser.formToken)"
    let twice = await browser.send(
      .post, "/changes/999/withdrawal", body: token + "&note=a&note=b")
    #expect(twice.status == .badRequest)
    #expect(twice.text.contains("was sent more than once"))
    let both = await browser.send(.post, "/changes/999/withdrawal?note=a", body: token)
    #expect(both.status == .badRequest)
    #expect(both.text.contains("Values stand in its address"))
    #expect(await browser.send(.post, "/changes/999/withdrawal", body: token).status == .notFound)
    try await stage.end()
  }

  @Test func `fields that a form does not have change nothing`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    func people() throws -> [String] {
      try stage.portal.storage.readNow { db in
        try String.fetchAll(
          db, sql: "SELECT id || role || login || coalesce(disabled_at, '') FROM people ORDER BY id"
        )
      }
    }
    let before = try people()
    let inner = [
      "id": "1", "role": "administrator", "login": "operator-2", "state": "approved",
      "requester": "2", "requester_id": "2", "person": "2", "number": "999", "disabled_at": "1",
      "approvals": "0", "is_approved": "1", "verified": "true", "password_hash": "x",
    ]
    let browser = try await stage.browser(as: "approver")
    let digest = try stage.change(number).digest
    let rejection = await browser.post(
      "/changes/\(number)/rejection",
      inner.merging(["digest": digest, "password": Stage.password, "note": "No"]) { $1 })
    #expect(rejection.status == .seeOther)
    #expect(try stage.change(number).storedState == .rejected)
    let form = try Proposals.form(try Proposals.plan(), by: "operator", on: stage)
    let operatorsBrowser = try await stage.browser(as: "operator")
    let proposal = await operatorsBrowser.post("/changes", form.merging(inner) { mine, _ in mine })
    #expect(proposal.status == .seeOther)
    let proposed = try stage.change(number + 1)
    #expect(proposed.storedState == .pending)
    #expect(proposed.requester.id == (try stage.person("operator").id))
    #expect(try people() == before)
    try await stage.end()
  }
}
