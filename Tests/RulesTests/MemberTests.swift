import Rules
import Testing

@Suite struct MemberTests {
  typealias Samples = EstateSamples

  /// What the checks of members find once some things are otherwise than in a site in order.
  private func found(
    _ values: [String: String] = [:], change: (inout Estate) -> Void = { _ in }
  ) -> [String: Finding] {
    var estate = Samples.estate
    var facts = Samples.members
    facts.values.merge(values) { $1 }
    estate.add(facts)
    change(&estate)
    return Dictionary(
      uniqueKeysWithValues: Check.findings(in: estate).filter { $0.subject == .members }
        .map { ($0.id, $0) })
  }

  private func sandbox(_ estate: inout Estate) {
    var mail = Samples.mail
    mail.productionAccess = false
    estate.add(mail)
  }

  private func outcome(_ id: String, _ found: [String: Finding]) -> Finding.Outcome? {
    found[id]?.outcome
  }

  @Test(arguments: MemberAccess.allCases)
  func `sign-up that is open in the sandbox is a danger, with the change that closes it`(
    access: MemberAccess
  ) {
    let found = found(["members_signup_access": access.rawValue], change: sandbox)
    let finding = found["members.open-in-sandbox"]
    #expect(finding?.outcome == (access == .none ? .pass : .fail))
    guard access != .none else { return }
    #expect(finding?.severity == .danger)
    #expect(finding?.mend == Mend("ghost.members", ["members_signup_access": "none"]))
    #expect(
      outcome(
        "members.open-in-sandbox", self.found(["members_signup_access": access.rawValue]))
        == .pass)
  }

  @Test func `whether open sign-up can be mailed is not known while SES is not read`() {
    let found = found(["members_signup_access": "all"]) {
      $0.add(failure: "AWS said no.", of: .mail)
    }
    #expect(outcome("members.open-in-sandbox", found) == .noData)
  }

  @Test(arguments: [
    ("false", "all", Finding.Outcome.fail), ("false", "invite", .fail), ("false", "none", .pass),
    ("true", "all", .pass), ("true", "none", .pass),
  ])
  func `a hidden button over an open sign-up disables nothing`(
    button: String, access: String, outcome: Finding.Outcome
  ) {
    let found = found(["portal_button": button, "members_signup_access": access])
    #expect(found["members.button-only"]?.outcome == outcome)
  }

  @Test(arguments: [
    ("", "", Finding.Outcome.fail), ("noreply", "", .pass), ("", "jo@mail.example.com", .pass),
    ("jo@elsewhere.example", "jo@elsewhere.example", .fail), ("jo@example.com", "", .pass),
  ])
  func `a support address is there and within the verified domain`(
    own: String, told: String, outcome: Finding.Outcome
  ) {
    let found = found(["members_support_address": own, "support_email_address": told])
    #expect(found["members.support-address"]?.outcome == outcome)
  }

  @Test func `a support address can't be judged before the domain is known`() {
    let found = found { $0.add(failure: "AWS said no.", of: .identities) }
    #expect(outcome("members.support-address", found) == .noData)
  }

  @Test func `no decision asks for attention, any decision is one`() {
    #expect(outcome("members.decision", found { $0.memberDecision = nil }) == .fail)
    for choice in MemberDecision.Choice.allCases {
      let found = found {
        $0.memberDecision = MemberDecision(choice: choice, owner: "Ana")
      }
      #expect(outcome("members.decision", found) == .pass)
      #expect(found["members.decision"]?.state.contains("\(choice.rawValue) it") == true)
    }
  }

  @Test func `a decision to disable holds the settings to it, others do not`() {
    func found(_ choice: MemberDecision.Choice, _ access: String) -> Finding.Outcome? {
      self.found(["members_signup_access": access]) {
        $0.memberDecision = MemberDecision(choice: choice, owner: "Ana")
      }["members.as-decided"]?.outcome
    }
    #expect(found(.disable, "all") == .fail)
    #expect(found(.disable, "none") == .pass)
    #expect(found(.keep, "all") == nil)
    #expect(found(.customise, "all") == nil)
  }

  @Test func `a missing sender is told with the warnings counted and the lines that mend it`() {
    var estate = Samples.estate
    var service = Samples.service
    service.mailFrom = nil
    estate.add(service)
    var logs = Samples.logs
    logs.signatures[LogSignature.mailFrom.id] = 12
    estate.add(logs)
    let finding = Check.findings(in: estate).first { $0.id == "ghost.mail-from" }
    #expect(finding?.state == "mail.from is not set, and Ghost warned 12 times in an hour.")
    #expect(finding?.remedy.contains("mail__from: '\\'A blog\\' <noreply@example.com>',") == true)
  }

  @Test(arguments: [
    ("https://blog.example.com", "noreply@blog.example.com"),
    ("https://www.example.com/", "noreply@example.com"),
    ("http://example.com:2368/blog", "noreply@example.com"),
  ])
  func `without a sender Ghost makes one up of the site's host`(site: String, address: String) {
    #expect(SenderSetting.madeUp(site: site) == address)
  }

  @Test func `what could end a string of the code does not reach it`() {
    let lines = SenderSetting.lines(title: "Jo's \"blog\"\n<b>\\", address: "jo@example.com")
    #expect(lines[1] == "  mail__from: '\\'Jos blogb\\' <jo@example.com>',")
  }

  @Test func `what each setting means hangs on SES`() {
    func meaning(_ key: String, _ facts: MemberFacts, _ mail: MailStanding?) -> MemberMeaning? {
      MemberMeaning.all(of: facts, mail: mail).first { $0.key == key }
    }
    var facts = Samples.members
    facts.values["members_signup_access"] = "all"
    let access = "members_signup_access"
    #expect(meaning(access, facts, .sandbox)?.health == .danger)
    #expect(meaning(access, facts, .granted)?.health == .good)
    #expect(meaning(access, facts, nil)?.health == .unknown)
    let devices = "security.staffDeviceVerification"
    #expect(meaning(devices, facts, .sandbox)?.meaning.contains("locked out") == true)
    facts.verifiesDevices = false
    #expect(meaning(devices, facts, .granted)?.meaning.contains("turn it on again") == true)
    facts.values["portal_plans"] = #"["free","monthly"]"#
    facts.values["portal_name"] = "true"
    #expect(meaning("portal_plans", facts, nil)?.value == "free, monthly")
    #expect(meaning("portal_name", facts, nil)?.value == "on")
    facts.verifiesDevices = nil
    #expect(meaning(devices, facts, .granted) == nil)
    facts.values["members_signup_access"] = "strangers"
    #expect(meaning(access, facts, .granted)?.health == .unknown)
  }

  @Test func `the log tells a decision in words`() {
    let event = AuditEvent.membersDecided(
      site: "blog", decision: 1, choice: .disable, owner: 7, reason: "nobody uses it")
    #expect(
      AuditSentence.of(type: event.type, data: .object(event.data)) { "person \($0)" }
        == "decided to disable the Members overlay, for which person 7 answers: “nobody uses it”")
  }
}
