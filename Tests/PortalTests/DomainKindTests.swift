import AWS
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// Changes of DNS, certificates and mail, each run against the AWS peer.
extension SettingKindTests {
  private static let spf =
    "kind=dns.record&act=create&name=news.example.com&type=TXT&ttl=300&values=%22v%3Dspf1%20-all%22"

  private func records(on stage: Stage) async throws -> [Route53.RecordSet] {
    let means = directMeans(on: stage)
    let zone = try await means.ids(at: stage.portal.configuration.sites[0]).zone
    return try await means.cloud.route53.listResourceRecordSets(zone: zone)
  }

  @Test func `a record is made, changed and put back, each time as a batch of its own`()
    async throws
  {
    let stage = try await stage()
    #expect(try await done(Self.spf, on: stage) == .succeeded)
    let made = try #require(try await records(on: stage).first { $0.name == "news.example.com" })
    #expect(made.values == ["\"v=spf1 -all\""])
    let change = Self.spf.replacing("act=create", with: "act=change").replacing("300", with: "60")
    #expect(try await done(change, on: stage) == .succeeded)
    #expect(try await records(on: stage).first { $0.name == "news.example.com" }?.ttl == 60)
    #expect(try peer.calls("ChangeResourceRecordSets").count == 2)
    try await stage.end()
  }

  @Test func `a record that somebody else has changed meanwhile is left alone`() async throws {
    let stage = try await stage()
    let number = try await proposed(
      "kind=dns.record&act=change&name=_dmarc.example.com&type=TXT&ttl=300"
        + "&values=%22v%3DDMARC1%3B%20p%3Dreject%22", on: stage)
    try await Proposals.approve(number, on: stage)
    try peer.change(
      "zone",
      """
      {"put": {"Name": "_dmarc.example.com", "Type": "TXT", "TTL": 300,
               "ResourceRecords": [{"Value": "\\"v=DMARC1; p=quarantine\\""}]}}
      """)
    #expect(try await run(number, on: stage).status == .conflict)
    #expect(try peer.calls("ChangeResourceRecordSets").isEmpty)
    try await stage.end()
  }

  @Test func `deleting a record can't be put back, and says what hangs on it`() async throws {
    let stage = try await stage()
    let number = try await proposed(
      "kind=dns.record&act=delete&name=_dmarc.example.com&type=TXT", on: stage)
    let plan = try stage.change(number).plan
    #expect(plan.guarding == .irreversible)
    #expect(plan.typedName == "_dmarc.example.com TXT")
    #expect(plan.inverse?.form["values"] == "\"v=DMARC1; p=none\"")
    try await stage.end()
  }

  @Test(
    arguments: [
      ("act=create&name=example.org&type=A&ttl=60&values=1.2.3.4", "is not in the zone"),
      ("act=create&name=example.com&type=NS&ttl=60&values=a", "others are the zone"),
      ("act=create&name=a.example.com&type=A&ttl=x&values=1.2.3.4", "for how many seconds"),
      ("act=create&name=a.example.com&type=A&ttl=60&values=", "at least one value"),
      ("act=create&name=a.example.com&type=CNAME&ttl=60&values=a%0Ab", "A CNAME has one value."),
      ("act=delete&name=a.example.com&type=A", "There is no a.example.com A in the zone."),
    ])
  func `a record that can't be planned is said in words`(query: String, words: String) async throws
  {
    let stage = try await stage()
    #expect(try await Proposals.refusal("kind=dns.record&" + query, on: stage).contains(words))
    try await stage.end()
  }

  @Test func `a certificate is requested once, whatever becomes of the answer`() async throws {
    let stage = try await stage()
    let number = try await proposed("kind=acm.request&domain=new.example.com", on: stage)
    try await Proposals.approve(number, on: stage)
    try peer.faults(
      #"[{"service": "acm", "operation": "RequestCertificate", "times": 1, "drop": "after"}]"#)
    _ = try await run(number, on: stage)
    _ = try await settled(number, on: stage)
    try await poll(stage)
    #expect(try await settled(number, on: stage) == .succeeded)
    try await stage.end()
  }

  @Test func `a certificate in use is not deleted`() async throws {
    let stage = try await stage()
    let facts = try stage.portal.storage.readNow { db in
      try ObservationStore.facts(
        CertificateFacts.self, site: stage.portal.configuration.sites[0].name, in: db)
    }
    let used = try #require(facts?.facts.certificates.first { $0.isInUse })
    let query = "kind=acm.delete&arn=" + percentEncoded(used.arn)
    #expect(try await Proposals.refusal(query, on: stage).contains("is in use by"))
    #expect(try peer.calls("DeleteCertificate").isEmpty)
    try await stage.end()
  }

  @Test func `sending is turned off and on by two people`() async throws {
    let stage = try await stage()
    #expect(try await done("kind=ses.sending&sending=off", on: stage) == .succeeded)
    try await poll(stage)
    #expect(try outcome(of: "ses.paused", on: stage) == .fail)
    #expect(try await done("kind=ses.sending&sending=on", on: stage) == .succeeded)
    #expect(
      try await Proposals.refusal("kind=ses.sending&sending=on", on: stage)
        .contains("is “on” already"))
    try await stage.end()
  }
}
