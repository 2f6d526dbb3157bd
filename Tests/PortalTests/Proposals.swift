import Cryptography
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Changes to decide about, proposed through the pages as people do.
enum Proposals {
  static func facts(desired: Int64 = 1) -> ServiceFacts {
    ServiceFacts(
      name: "ghost", cluster: "cluster", status: "ACTIVE", desired: desired, running: desired,
      pending: 0, taskDefinition: "arn:aws:ecs:us-west-2:1:task-definition/ghost:4",
      rollout: "COMPLETED", deployments: 1, image: "ghost:5", cpuUnits: 256, memoryMiB: 512,
      architecture: "X86_64", fingerprint: "f")
  }

  static let rates = FargateRates(
    vCPU: Rate(decimal: "0.04048"), memory: Rate(decimal: "0.004445"), date: "2026-10-06")

  /// A plan as a preview makes it, with a new id.
  static func plan(count: Int64 = 2) throws -> Plan {
    var plan = try ServiceCount.plan(
      change: Hex.encode(RandomBytes.generate(16)), site: "blog", facts: facts(), count: count,
      rates: rates)
    plan.terms = Terms(requirement: Requirement(approvals: 1, coolingOffMs: 0))
    return plan
  }

  /// What the preview's form posts.
  static func form(
    _ plan: Plan, by login: String, on stage: Stage, reason: String = "Sunday's newsletter"
  ) throws -> [String: String] {
    let bytes = plan.bytes
    let seal = Seal(key: stage.portal.sealKey).code(
      plan: bytes, person: try stage.person(login).id, at: stage.clock.now)
    return ["plan": Base64URL.encode(bytes), "seal": seal, "reason": reason]
  }

  /// Proposes a change as the operator and gives its number.
  static func propose(_ plan: Plan? = nil, on stage: Stage) async throws -> Int64 {
    let browser = try await stage.browser(as: "operator")
    return try await propose(form(plan ?? Self.plan(), by: "operator", on: stage), by: browser)
  }

  /// Previews what a form asks for and proposes it, as the operator does on the pages.
  static func propose(_ query: String, reason: String, on stage: Stage) async throws -> Int64 {
    try await propose(query, reason: reason, by: try await stage.browser(as: "operator"))
  }

  /// The same of whoever has signed in.
  static func propose(
    _ query: String, reason: String, by browser: Browser
  ) async throws -> Int64 {
    let preview = await browser.get("/changes/preview?" + query)
    #expect(preview.status == .ok, "\(query): \(preview.text.suffix(3_000))")
    var form = ["reason": reason]
    for field in ["plan", "seal", "asked"] { form[field] = try preview.hidden(field) }
    return try await propose(form, by: browser)
  }

  private static func propose(_ form: [String: String], by browser: Browser) async throws -> Int64 {
    let response = await browser.post("/changes", form)
    #expect(response.status == .seeOther)
    let location = try #require(response.headers[.location])
    return try #require(Int64(location.drop { !$0.isNumber }.prefix { $0.isNumber }))
  }

  /// Previews what can't be planned, as the operator does, and gives the page that says why.
  static func refusal(_ query: String, on stage: Stage) async throws -> String {
    let page = await (try stage.browser(as: "operator")).get("/changes/preview?" + query)
    #expect(page.status == .unprocessableContent)
    return page.text
  }

  /// Approves a change.
  static func approve(
    _ number: Int64, by login: String = "approver", on stage: Stage
  ) async throws {
    let browser = try await stage.browser(as: login)
    let digest = try stage.change(number).digest
    let response = await browser.post(
      "/changes/\(number)/approval", ["digest": digest, "password": Stage.password])
    #expect(response.status == .seeOther)
  }
}
