import Foundation
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Sends every form there is with something wrong in it.
@Suite(.serialized) struct WrongFormTests {
  let peer: CloudPeer
  let github: FakeGitHub

  init() throws {
    peer = try CloudPeer.ofForms.get()
    github = try FakeGitHub.ofForms.get()
    try peer.reset()
    try github.reset()
  }

  /// Lists show what they can of a filter that makes no sense; these have nothing to be wrong.
  private static let filters: Set = [
    "/audit/review", "/backups/deleted", "/backups/versions", "/changes", "/deployments",
    "/deployments/compare", "/design", "/guards", "/todos", "/workflows", "{{path}}",
    "{{path}}#difference",
  ]
  /// Every choice is one of a list that the form itself gives, and what is not in it is as before.
  private static let choices: Set = ["/account/choices"]
  /// Its fields are those of the form that runs a change.
  private static let twins: Set = ["{{path}}/resumption"]

  /// The kinds in whose forms several fields can be wrong at once, and which are.
  private static let several = [
    "cloudwatch.alarms": ["addresses"] + RecommendedAlarm.allCases.map(\.rawValue),
    "dns.record": ["act", "name", "type"], "ecs.image": ["digest", "method"],
    "ghost.members": MemberSetting.allCases.map(\.key), "rds.restore": ["from", "id"],
    "rds.storage": ["gib", "type"], "sns.subscription": ["topic", "address"],
    "workflow.rerun": ["run", "jobs"],
  ]

  /// The actions of all forms of all templates in which something is chosen or typed.
  private static func actions() throws -> Set<String> {
    let form = try Regex("<form[^>]*?(?: action=\"([^\"]*)\")?[^>]*>(.*?)</form>")
      .dotMatchesNewlines()
    let names = try FileManager.default.subpathsOfDirectory(atPath: Stage.root + "/Templates")
    var actions: Set<String> = []
    for name in names where name.hasSuffix(".mustache") {
      let text = try String(contentsOfFile: Stage.root + "/Templates/" + name, encoding: .utf8)
      for match in text.matches(of: form) {
        let whole = String(text[match.range])
        let isTyped =
          ["<select", "<textarea", "parts/proof", "parts/factor"].contains(where: whole.contains)
          || whole.components(separatedBy: "<input").dropFirst().contains {
            !$0.prefix { $0 != ">" }.contains("type=\"hidden\"")
          }
        guard isTyped else { continue }
        for attribute in [" action=\"", "formaction=\""] {
          for part in whole.components(separatedBy: attribute).dropFirst() {
            actions.insert(String(part.prefix { $0 != "\"" }))
          }
        }
      }
    }
    return actions
  }

  @Test func `every form of every template is sent wrong, or says why it can't be`() async throws {
    let stage = try await world()
    let sent = Set(try await WrongForm.all(on: stage).map(\.action))
    let actions = try Self.actions()
    #expect(actions.count > 40)
    #expect(
      actions.subtracting(sent).subtracting(Self.filters).subtracting(Self.choices)
        .subtracting(Self.twins) == [])
    try await stage.end()
  }

  @Test func `a form that is not right leads to each field, and the words stand beside it`()
    async throws
  {
    let stage = try await world()
    for form in try await WrongForm.all(on: stage) {
      stage.clock.advance(ms: Span.minute)
      let page = try await form.answer(stage)
      let shown = ShownForm(text: page.text)
      #expect(page.status == .unprocessableContent, "\(form.action) \(page.text.suffix(2_000))")
      #expect(page.text.contains("<title>Error: "), "\(form.action)")
      #expect(shown.wrong == form.wrong, "\(form.action)")
      #expect(shown.fault() == "", "\(form.action)")
      for (name, value) in form.fields
      where !WrongForm.secrets.contains(name) && SecretScan.find(in: value) == nil {
        #expect(shown.holds(name, value), "\(form.action): \(name) is not \(value) any more")
      }
      for secret in WrongForm.secrets {
        #expect(shown.value(of: secret) ?? "" == "", "\(form.action): \(secret)")
      }
    }
    try await stage.end()
  }

  @Test func `what makes no sense in the form of any kind is said beside the field`() async throws {
    let stage = try await world()
    let browser = try await stage.browser(as: "administrator")
    let estate = try await stage.portal.storage.read { db in
      try ObservationStore.lastSeen(of: "blog", at: stage.clock.now, in: db)
    }
    for kind in ChangeKind.all {
      let fields = kind.form?(estate).filter {
        if case .hidden = $0.control { false } else { true }
      }
      guard let fields, !fields.isEmpty else { continue }
      let typed = fields.map { ($0.name, "nonsense \($0.name)") }
      let query = query(Dictionary(uniqueKeysWithValues: [("kind", kind.id)] + typed))
      stage.clock.advance(ms: stage.portal.pageLimit.refillMs)
      let page = await browser.get("/changes/preview?" + query)
      let shown = ShownForm(text: page.text)
      #expect(page.status == .unprocessableContent, "\(kind.id): \(page.text.suffix(1_000))")
      #expect(page.text.contains("<title>Error: "), "\(kind.id)")
      #expect(!shown.wrong.isEmpty, "\(kind.id)")
      if let several = Self.several[kind.id] { #expect(shown.wrong == several, "\(kind.id)") }
      #expect(
        shown.wrong == fields.map(\.name).filter(shown.wrong.contains), "\(kind.id): \(shown.wrong)"
      )
      #expect(shown.fault() == "", "\(kind.id)")
    }
    try await stage.end()
  }

  /// A portal that has read its account, with something of everything that has a form.
  private func world() async throws -> Stage {
    var places = NoticePlaces(address: PasskeyRing.address, site: "blog")
    places.mailFrom = "caretaker@example.com"
    let stage = try Stage(
      endpoint: peer.url, github: github, notices: places)
    await stage.portal.poll(stage.portal.means(at: stage.portal.configuration.sites[0]))
    return stage
  }
}
