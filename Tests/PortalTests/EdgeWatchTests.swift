import Foundation
import Rules
import Testing

@testable import Portal

/// What is found of the zone, the certificates, mail and the site itself, each turned on and off by
/// the AWS peer or the blog. The tests take turns: there is one of each.
@Suite(.serialized) struct EdgeWatchTests {
  private static let watched: [Subject] = [.blog, .zone, .certificates, .mail, .identities]

  private let peer: CloudPeer
  private let blog: FakeBlog
  private let stage: Stage

  init() throws {
    peer = try CloudPeer.ofEdge.get()
    blog = try FakeBlog.shared.get()
    try peer.reset()
    try blog.reset()
    stage = try Stage(endpoint: peer.url, blog: blog)
    // Certificates end at real dates, which are AWS's.
    let site = stage.portal.configuration.sites[0]
    let now = stage.portal.outside.cloud(site).now()
    stage.clock.advance(ms: now.since(stage.clock.now))
  }

  private func poll() async throws {
    stage.clock.advance(ms: Span.minute)
    await stage.portal.poll(stage.portal.means(at: stage.portal.configuration.sites[0]))
  }

  private func findings() throws -> [StoredFinding] {
    let site = stage.portal.configuration.sites[0].name
    return try stage.portal.storage.readNow { [now = stage.clock.now] db in
      try FindingStore.all(site: site, at: now, in: db)
    }
  }

  /// The checks of these subjects that are not met, after a poll.
  private func failing() async throws -> Set<String> {
    try await poll()
    return Set(
      try findings().map(\.finding)
        .filter { Self.watched.contains($0.subject) && $0.outcome == .fail }.map(\.id))
  }

  private func state(_ id: String) throws -> String {
    try #require(try findings().first { $0.finding.id == id }).finding.state
  }

  /// What is so of a stack as CDK makes it, before anybody asks SES for more.
  private static let usual: Set = ["ses.sandbox", "ses.mail-from"]

  @Test func `an edge in order has nothing wrong, and every subject is read`() async throws {
    #expect(try await failing() == Self.usual)
    let read = try findings().map(\.finding).filter { Self.watched.contains($0.subject) }
    #expect(Set(read.map(\.subject)) == Set(Self.watched))
    #expect(read.allSatisfy { $0.outcome != .noData })
    #expect(try state("site.certificate").contains("19"))
    #expect(try peer.violations().isEmpty)
    try await stage.end()
  }

  @Test func `records that are missing are found, and found again when put back`() async throws {
    #expect(try await failing() == Self.usual)
    let zone = try stage.portal.storage.readNow { [site = stage.portal.configuration.sites[0]] db in
      try #require(try ObservationStore.facts(ZoneFacts.self, site: site.name, in: db)).facts
    }
    let proof = try #require(zone.records.first { $0.values.contains { $0.contains(".acm-") } })
    for (name, type) in [
      ("example.com", "TXT"), ("_dmarc.example.com", "TXT"), (proof.name, proof.type),
    ] {
      try peer.change("zone", #"{"remove": {"name": "\#(name)", "type": "\#(type)"}}"#)
    }
    let missing: Set = ["dns.spf", "dns.dmarc", "dns.validation"]
    #expect(try await failing() == Self.usual.union(missing))
    try put("example.com", "TXT", #""v=spf1 include:amazonses.com ~all""#)
    try put("_dmarc.example.com", "TXT", #""v=DMARC1; p=none""#)
    try put(proof.name, proof.type, proof.values[0])
    #expect(try await failing() == Self.usual)
    try await stage.end()
  }

  /// Writes a record behind the portal's back.
  private func put(_ name: String, _ type: String, _ value: String) throws {
    let row: [String: Any] = [
      "Name": name, "Type": type, "TTL": 300, "ResourceRecords": [["Value": value]],
    ]
    let json = try JSONSerialization.data(withJSONObject: ["put": row])
    try peer.change("zone", String(decoding: json, as: UTF8.self))
  }

  @Test func `a certificate that nears its end, fails to renew or is not valid is found`()
    async throws
  {
    try peer.change(
      "certificate", #"{"days": 12, "renewal": "FAILED", "renewal_reason": "CAA_ERROR"}"#)
    #expect(try await failing() == Self.usual.union(["acm.expiry", "acm.renewal"]))
    #expect(try state("acm.renewal").contains("CAA_ERROR"))
    try peer.change("certificate", #"{"days": 200, "renewal": "SUCCESS", "status": "REVOKED"}"#)
    #expect(try await failing() == Self.usual.union(["acm.issued"]))
    try peer.change("certificate", #"{"status": "ISSUED"}"#)
    #expect(try await failing() == Self.usual)
    try await stage.end()
  }

  @Test func `what keeps mail from being sent is found`() async throws {
    try peer.change(
      "ses",
      """
      {"enforcement": "PROBATION", "sending": false, "verified": false, "dkim": "FAILED",
       "status": "PENDING"}
      """)
    let ill: Set = ["ses.enforcement", "ses.paused", "ses.identity", "ses.dkim"]
    #expect(try await failing() == Self.usual.union(ill))
    #expect(try state("ses.sandbox").contains("reviewing"))
    try peer.change(
      "ses",
      """
      {"enforcement": "HEALTHY", "sending": true, "verified": true, "dkim": "SUCCESS",
       "status": "GRANTED", "mail_from": "bounce.example.com"}
      """)
    #expect(try await failing() == ["ses.mail-from"])
    #expect(try state("ses.mail-from") == "The MAIL FROM domain is pending.")
    try put("bounce.example.com", "MX", "10 feedback-smtp.us-west-2.amazonses.com")
    #expect(try await failing() == [])
    try await stage.end()
  }

  @Test func `a site that is down or without its theme is found`() async throws {
    try blog.change(#"{"is_down": true}"#)
    #expect(try await failing() == Self.usual.union(["site.up", "site.ghost"]))
    #expect(try state("site.up") == "The home page answers 503.")
    try blog.change(#"{"is_down": false, "missing_theme": "casper"}"#)
    #expect(try await failing() == Self.usual.union(["site.up", "site.theme"]))
    #expect(try state("site.theme") == "The theme “casper” is missing.")
    try blog.change(#"{"missing_theme": "", "admin_answers": false}"#)
    #expect(try await failing() == Self.usual.union(["site.ghost"]))
    try blog.change(#"{"admin_answers": true, "redirect": "https://elsewhere.example/a"}"#)
    #expect(try await failing() == Self.usual.union(["site.up"]))
    #expect(try state("site.up").contains("https://elsewhere.example/a"))
    try await stage.end()
  }

  @Test func `a certificate readers soon refuse is found, and one they refuse takes the site down`()
    async throws
  {
    try blog.renew(days: 5)
    #expect(try await failing() == Self.usual.union(["site.certificate"]))
    try blog.renew(days: -2)
    #expect(
      try await failing() == Self.usual.union(["site.up", "site.ghost", "site.certificate"]))
    #expect(try state("site.certificate") == "It has ended.")
    #expect(try state("site.up").contains("certificate"))
    try blog.renew(days: 200)
    #expect(try await failing() == Self.usual)
    try await stage.end()
  }

  @Test func `what may not be read is no data, with the action that is missing`() async throws {
    try peer.faults(
      """
      [{"service": "route53", "code": "AccessDenied", "status": 403, "times": null},
       {"service": "acm", "code": "AccessDeniedException", "status": 400, "times": null},
       {"service": "sesv2", "operation": "ListEmailIdentities", "code": "AccessDeniedException",
        "status": 403, "times": null}]
      """)
    try await poll()
    for (id, action) in [
      ("dns.spf", "route53:"), ("acm.issued", "acm:DescribeCertificate"),
      ("ses.identity", "ses:ListEmailIdentities"),
    ] {
      let found = try #require(try findings().first { $0.finding.id == id }).finding
      #expect(found.outcome == .noData)
      #expect(found.state.contains(action))
    }
    try await stage.end()
  }
}
