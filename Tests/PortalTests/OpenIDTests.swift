import AWS
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Signing in through an OpenID provider, and every way in which it must not work. They share one
/// provider, so they take turns.
@Suite(.serialized) struct OpenIDTests {
  let provider: FakeProvider

  init() throws {
    provider = try FakeProvider.shared.get()
    try provider.reset()
  }

  @Test func `who has a group with a role comes in with it, and is the same person next time`()
    async throws
  {
    let log = CapturedLog()
    let stage = try provider.stage(log: log.logger)
    let first = try await provider.signIn(on: stage, next: "/audit?x=1")
    #expect(first.answer.headers[.location] == "/audit?x=1")
    #expect(await first.browser.get("/resources").status == .ok)
    #expect(
      try stage.auditTypes().suffix(3) == ["person.added", "person.linked", "session.started"])
    let person = try stage.person("openid")
    #expect(person.role == .operator_ && person.name == "Ida Elsewhere")
    #expect(person.roleSince == stage.clock.now)
    let added = try stage.lastEntry("person.added")
    #expect(added.personID == nil && added.data["through"]?.text == "openid")
    #expect(try stage.lastEntry("session.started").data["through"]?.text == "openid")

    let told = await first.browser.get("/audit").text
    #expect(told.contains("signed in through OpenID"))
    #expect(told.contains("added Ida Elsewhere as operator through OpenID"))

    try provider.change("algorithm", "{\"name\": \"ES256\"}")
    let count = try stage.people().count
    #expect(try await provider.signIn(on: stage).answer.headers[.location] == "/")
    #expect(try stage.people().count == count)
    #expect(try stage.auditTypes().last == "session.started")

    // Nothing is left by which anybody could go on.
    let kept = try stage.files().values.map { String(decoding: $0, as: UTF8.self) } + [log.text]
    for text in kept {
      for secret in [first.cookie, first.code, first.state, "code=", "id_token"] {
        #expect(!text.contains(secret))
      }
    }
    try await stage.end()
  }

  @Test func `without the configuration there is no button and no way`() async throws {
    let stage = try Stage()
    #expect(!(await Browser(stage.portal).get("/sign-in").text.contains("openid")))
    #expect(await Browser(stage.portal).post("/sign-in/openid").status == .notFound)
    #expect(await Browser(stage.portal).get("/sign-in/openid/answer").status == .notFound)
    try await stage.end()
    let other = try provider.stage()
    let page = await Browser(other.portal).get("/sign-in").text
    #expect(page.contains("<button>Sign in through Example</button>"))
    let way = OpenIDPage(goingTo: "https://id.example.com/authorize?state=x&nonce=y")
    let going = other.portal.html(way, for: nil, id: "1", status: .ok).text
    #expect(going.contains("href=\"https://id.example.com/authorize?state=x&amp;nonce=y\""))
    try await other.end()
  }

  private static let lies: [(lies: String, why: String)] = [
    (#"{"claims": {"nonce": "another"}}"#, "another sign-in"),
    (#"{"claims": {"nonce": null}}"#, "another sign-in"),
    (#"{"claims": {"aud": "another"}}"#, "for somebody else"),
    (#"{"claims": {"aud": ["caretaker", "another"]}}"#, "for somebody else"),
    (#"{"claims": {"azp": "another"}}"#, "for somebody else"),
    (#"{"claims": {"iss": "https://id.example.com"}}"#, "another issuer"),
    (#"{"claims": {"exp": 1795348739}}"#, "is over"),
    (#"{"claims": {"exp": null}}"#, "is over"),
    (#"{"claims": {"exp": "never"}}"#, "is over"),
    (#"{"claims": {"iat": 1795340000}}"#, "another time"),
    (#"{"claims": {"iat": 1795349900}}"#, "another time"),
    (#"{"claims": {"nbf": 1795349900}}"#, "another time"),
    (#"{"claims": {"sub": null}}"#, "names nobody"),
    (#"{"claims": {"sub": ""}}"#, "names nobody"),
    (#"{"claims": {"sub": "\#(String(repeating: "s", count: 256))"}}"#, "names nobody"),
    (#"{"claims": {"sub": "é"}}"#, "names nobody"),
    (#"{"claims": {"groups": {"staff": true}}}"#, "groups of the ID token"),
    (#"{"claims": {"groups": ["staff", 7]}}"#, "groups of the ID token"),
    (#"{"twice": {"sub": "somebody else"}}"#, "can't be read"),
    (#"{"forged": true}"#, "signature"),
    (#"{"header": {"alg": "none"}}"#, "neither with RS256"),
    (#"{"header": {"alg": "none"}, "sign_with": "none"}"#, "neither with RS256"),
    (#"{"header": {"alg": "HS256"}, "sign_with": "HS256"}"#, "neither with RS256"),
    (#"{"header": {"alg": "RS256"}, "sign_with": "HS256"}"#, "signature"),
    (#"{"header": {"alg": "ES256"}}"#, "no key of the provider"),
    (#"{"header": {"alg": "ES256", "kid": null}}"#, "signature"),
    (#"{"header": {"kid": "unknown"}}"#, "no key of the provider"),
    (#"{"header": {"kid": 7}}"#, "can't be read"),
    (#"{"header": {"jwk": {"kty": "RSA"}}}"#, "brings a key"),
    (#"{"header": {"jku": "https://keys.example.com"}}"#, "brings a key"),
    (#"{"header": {"x5u": "https://keys.example.com"}}"#, "brings a key"),
    (#"{"header": {"crit": ["exp"]}}"#, "brings a key"),
    (#"{"no_token": true}"#, "no ID token"),
  ]

  @Test func `every lie is refused, adds nobody and is in the log without what was sent`()
    async throws
  {
    let stage = try provider.stage()
    let count = try stage.people().count
    for (lies, why) in Self.lies {
      try provider.change("lies", lies)
      let before = try stage.auditTypes()
      let refused = try await provider.signIn(on: stage)
      #expect(refused.answer.status == .forbidden, "\(lies)")
      #expect(refused.answer.headers[.setCookie] == nil, "\(lies)")
      #expect(refused.answer.text.contains("could not be verified"), "\(lies)")
      #expect(try stage.auditTypes() == before + ["session.refused"], "\(lies)")
      let entry = try stage.lastEntry("session.refused")
      #expect(entry.data["why"]?.text?.contains(why) == true, "\(lies): \(entry.data)")
      #expect(entry.data["about"] == nil)
    }
    #expect(try stage.people().count == count)
    try await stage.end()
  }

  @Test func `an answer of another provider is not taken to this one`() async throws {
    let stage = try provider.stage()
    for issuer in ["\"https://id.example.com\"", "null", "\"\""] {
      try provider.change("lies", "{\"answer\": {\"iss\": \(issuer)}}")
      let before = try stage.auditTypes()
      let answer = try await provider.signIn(on: stage).answer
      #expect(answer.text.contains("could not be verified"), "\(issuer)")
      // Anybody can bring this about, so the log is not filled with it.
      #expect(try stage.auditTypes() == before, "\(issuer)")
    }
    #expect(try provider.calls().allSatisfy { $0.path != "/token" })
    try await stage.end()
  }

  @Test func `an answer counts once, in the browser that asked, for ten minutes`() async throws {
    let stage = try provider.stage()
    let used = try await provider.signIn(on: stage)
    let again = await provider.answer(used.target, cookie: used.cookie, on: stage)
    #expect(again.text.contains("Begin again") && again.headers[.setCookie] == nil)

    let begun = try await provider.begin(on: stage)
    let target = try await provider.consent(begun.address)
    for cookie in ["", "caretaker-openid=x", used.cookie] {
      let other = await provider.answer(target, cookie: cookie, on: stage)
      #expect(other.status == .forbidden && other.headers[.setCookie] == nil, "\(cookie)")
    }
    let state = target.replacing("state=", with: "state=x")
    #expect(await provider.answer(state, cookie: begun.cookie, on: stage).status == .forbidden)
    // None of these has used it up.
    stage.clock.advance(ms: OpenIDRequestStore.liveMs - 1)
    try provider.at(stage.clock.now)
    #expect(await provider.answer(target, cookie: begun.cookie, on: stage).status == .seeOther)

    try provider.at(stage.clock.now)
    let late = try await provider.begin(on: stage)
    let lateTarget = try await provider.consent(late.address)
    stage.clock.advance(ms: OpenIDRequestStore.liveMs)
    #expect(await provider.answer(lateTarget, cookie: late.cookie, on: stage).status == .forbidden)
    try await stage.end()
  }

  @Test func `a refusal of the provider is said in plain words, its own are not repeated`()
    async throws
  {
    let stage = try provider.stage()
    for (code, words) in [
      ("access_denied", "did not let you go on"), ("server_error", "trouble of its own"),
      ("<script>", "refused this sign-in"),
    ] {
      try provider.change(
        "lies",
        #"{"answer": {"code": null, "error": "\#(code)", "error_description": "canary"}}"#)
      let before = try stage.auditTypes()
      let answer = try await provider.signIn(on: stage).answer
      #expect(answer.text.contains(words), "\(code)")
      #expect(!answer.text.contains("canary") && !answer.text.contains("<script>"))
      #expect(try stage.auditTypes() == before, "\(code)")
    }
    try await stage.end()
  }

  @Test func `a code that was used or is of another verifier, and a wrong secret, open nothing`()
    async throws
  {
    let stage = try provider.stage()
    let (one, other) = (
      try await provider.begin(on: stage), try await provider.begin(on: stage)
    )
    let code = try await provider.consent(other.address).matches(of: /code=([^&]+)/)[0].1
    let target = try await provider.consent(one.address).replacing(
      /code=[^&]+/, with: "code=\(code)")
    let injected = await provider.answer(target, cookie: one.cookie, on: stage)
    #expect(injected.text.contains("refused this sign-in"))

    let file = provider.secretFile + "-wrong"
    try Data("wrong".utf8).write(to: URL(fileURLWithPath: file))
    let misconfigured = try provider.stage { $0.clientSecretFile = file }
    let answer = try await provider.signIn(on: misconfigured).answer
    #expect(answer.text.contains("client_secret_file"))
    try await misconfigured.end()
    try await stage.end()
  }
}
