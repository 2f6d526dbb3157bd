import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// A provider that is down, slow, huge, or another one. In turn with the others.
extension OpenIDTests {
  private func beginning(on stage: Stage) async -> Response {
    await Browser(stage.portal).post("/sign-in/openid")
  }

  @Test func `a provider that does not answer well is named, and the page comes at once`()
    async throws
  {
    let huge = String(repeating: " ", count: OpenIDProvider.answerBytesMax + 1)
    let faults: [(String, String)] = [
      (#""latency_ms": 2000"#, "no answer came in time"), (#""drop": "before""#, "broke"),
      (#""status": 500"#, "answered 500"), (#""status": 302"#, "answered 302"),
      (#""status": 200, "body": "\#(huge)""#, "longer than Caretaker reads"),
      (#""status": 200, "body": "{\"issuer\": 1, \"issuer\": 2}""#, "be read"),
    ]
    for (fault, words) in faults {
      let stage = try provider.stage { $0.withinMs = fault.contains("latency") ? 400 : 60_000 }
      try provider.change("faults", #"[{"path": "openid-configuration", \#(fault), "times": 9}]"#)
      let answer = await beginning(on: stage)
      #expect(answer.status == .badGateway, "\(fault)")
      #expect(answer.text.contains(words), "\(fault): \(answer.text)")
      try await stage.end()
    }
  }

  @Test func `a provider that says it is another, or sends elsewhere without TLS, is not believed`()
    async throws
  {
    for said in [
      #""issuer": "https://id.example.com""#,
      #""authorization_endpoint": "http://id.example.com/a""#,
      #""token_endpoint": "javascript:alert(1)""#, #""jwks_uri": "file:///etc/passwd""#,
      #""authorization_endpoint": "https://u:p@id.example.com/""#,
      #""authorization_endpoint": "https://id.example.com/\na""#, #""token_endpoint": null"#,
    ] {
      try provider.change("lies", "{\"discovery\": {\(said)}}")
      let stage = try provider.stage()
      let answer = await beginning(on: stage)
      #expect(answer.status == .badGateway, "\(said)")
      #expect(answer.headers[.setCookie] == nil, "\(said)")
      try await stage.end()
    }
  }

  @Test func `other keys are looked for when one is not known, once a minute at most`() async throws
  {
    let stage = try provider.stage()
    func looks() throws -> Int { try provider.calls().filter { $0.path == "/keys" }.count }
    #expect(try await provider.signIn(on: stage).answer.status == .seeOther)
    #expect(try await provider.signIn(on: stage).answer.status == .seeOther)
    #expect(try looks() == 1)
    try provider.change("rotate")
    #expect(try await provider.signIn(on: stage).answer.status == .forbidden)
    #expect(try looks() == 1)
    stage.clock.advance(ms: OpenIDProvider.keysEveryMs)
    try provider.at(stage.clock.now)
    #expect(try await provider.signIn(on: stage).answer.status == .seeOther)
    #expect(try looks() == 2)
    let descriptions = try provider.calls().filter { $0.path.hasSuffix("configuration") }.count
    #expect(descriptions == 1)
    stage.clock.advance(ms: OpenIDProvider.freshMs)
    try provider.at(stage.clock.now)
    #expect(try await provider.signIn(on: stage).answer.status == .seeOther)
    #expect(try looks() == 3)
    try await stage.end()
  }

  @Test func `what was said to a clock that was ahead is asked for anew`() async throws {
    let stage = try provider.stage()
    stage.clock.advance(ms: Span.day)
    try provider.at(stage.clock.now)
    #expect(try await provider.signIn(on: stage).answer.status == .seeOther)
    stage.clock.advance(ms: -Span.day)
    try provider.at(stage.clock.now)
    try provider.change("rotate")
    #expect(try await provider.signIn(on: stage).answer.status == .seeOther)
    try await stage.end()
  }

  @Test func `the check says whether provider and secret are there`() async throws {
    let stage = try provider.stage()
    var configuration = stage.portal.configuration
    let world = World(sites: configuration.sites, environment: [:])
    defer { world.close() }
    let good = await OpenIDCheck(configuration, outside: world.outside)?.result()
    #expect(good?.standing == .good)
    configuration.openID?.clientSecretFile = "/nowhere/secret"
    let bad = await OpenIDCheck(configuration, outside: world.outside)?.result()
    #expect(bad?.standing == .failed && bad?.state.contains("/nowhere/secret") == true)
    // A stranger is not told where it is.
    let other = try provider.stage { $0.clientSecretFile = "/nowhere/secret" }
    let answer = try await provider.signIn(on: other).answer
    #expect(answer.text.contains("client_secret_file") && !answer.text.contains("/nowhere"))
    configuration.openID = nil
    #expect(OpenIDCheck(configuration, outside: world.outside) == nil)
    for stage in [stage, other] { try await stage.end() }
  }

  @Test func `a provider that does not describe itself is left alone for a while`() async throws {
    let stage = try provider.stage()
    try provider.change("faults", #"[{"path": "openid-configuration", "status": 500, "times": 1}]"#)
    for _ in 0..<3 { #expect(await beginning(on: stage).status == .badGateway) }
    stage.clock.advance(ms: OpenIDProvider.restMs)
    #expect(await beginning(on: stage).status == .ok)
    try await stage.end()
  }
}
