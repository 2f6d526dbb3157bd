import Testing

@testable import AWS

extension DemoCloudTests {
  /// The DNS zone, certificates, and the identities mail is sent as.
  struct NamesTests {
    private static let tokens = ["aaaaexampletoken", "bbbbexampletoken", "ccccexampletoken"]

    private let cloud: DemoCloud
    private let client: Client
    private let route53: Route53
    private let acm: ACM

    init() async throws {
      cloud = try await DemoCloud.fresh()
      client = try await cloud.client()
      route53 = Route53(client)
      acm = ACM(client)
    }

    private func zone() async throws -> Route53.Zone {
      let held = try await CloudFormation(client).listStackResources("GhostInfraStack")
      let id = try #require(held.first { $0.type == "AWS::Route53::HostedZone" }?.physicalID)
      return try await route53.getHostedZone(id)
    }

    private func sets(_ name: String) async throws -> [Route53.RecordSet] {
      try await route53.listResourceRecordSets(zone: zone().id).filter { $0.name == name }
    }

    private func change(_ changes: Route53.Change...) async throws -> Route53.ChangeInfo {
      try await route53.changeResourceRecordSets(zone: zone().id, changes)
    }

    @Test func `the zone is read by its bare id and name`() async throws {
      let zone = try await zone()
      #expect(zone.name == "example.com")
      #expect(!zone.id.contains("/"))
      #expect(await isNotFound { _ = try await route53.getHostedZone("Z0") })
      #expect(await isNotFound { _ = try await route53.listResourceRecordSets(zone: "Z0") })
    }

    @Test func `the one host of all regions is asked`() async {
      let script = Script([.text(404, "")])
      await #expect(throws: AWSError.self) {
        try await Route53(script.client()).getHostedZone("Z/1")
      }
      #expect(
        script.calls.map(\.url) == ["https://route53.amazonaws.com/2013-04-01/hostedzone/Z%2F1"])
    }

    @Test func `records are read with their values, their alias and on every page`() async throws {
      let alias = try #require(try await sets("blog.example.com").first)
      #expect(alias.ttl == nil && alias.values.isEmpty && !alias.saysMore)
      #expect(alias.alias?.name.hasSuffix(".elb.amazonaws.com") == true)
      let text = try #require(try await sets("_dmarc.example.com").first)
      #expect(
        text
          == Route53.RecordSet(
            name: "_dmarc.example.com", type: "TXT", ttl: 300, values: ["\"v=DMARC1; p=none\""]))
      let all = try await route53.listResourceRecordSets(zone: zone().id)
      try await cloud.control("zone", #"{"rows_a_page": 1}"#)
      #expect(try await route53.listResourceRecordSets(zone: zone().id) == all)
    }

    @Test func `sets of one name and type go on over pages, and can't be written`() async throws {
      for identifier in ["one", "two"] {
        try await cloud.control(
          "zone",
          """
          {"rows_a_page": 1, "put": {"Name": "w.example.com", "Type": "A", "TTL": 60, "Weight": 1,
           "SetIdentifier": "\(identifier)", "ResourceRecords": [{"Value": "192.0.2.1"}]}}
          """)
      }
      let weighted = try await sets("w.example.com")
      #expect(weighted.map(\.identifier) == ["one", "two"])
      #expect(weighted.allSatisfy { $0.saysMore })
      await #expect {
        _ = try await change(.delete(weighted[0]))
      } throws: { ($0 as? AWSError)?.effect == AWSError.Effect.none }
      #expect(try await sets("w.example.com") == weighted)
    }

    @Test func `records are made, put in place and taken away, also a wildcard`() async throws {
      var wildcard = Route53.RecordSet(
        name: "*.example.com", type: "TXT", ttl: 60, values: ["\"a & <b>\"", "\"c\""])
      let info = try await change(.create(wildcard))
      #expect(!info.isInSync)
      #expect(try await sets("*.example.com") == [wildcard])
      #expect(try await !route53.getChange(info.id).isInSync)
      try await cloud.control("clock", #"{"advance_s": 60}"#)
      #expect(try await route53.getChange(info.id).isInSync)
      wildcard.values = ["\"d\""]
      _ = try await change(.upsert(wildcard))
      #expect(try await sets("*.example.com") == [wildcard])
      _ = try await change(.delete(wildcard))
      #expect(try await sets("*.example.com") == [])
    }

    @Test func `an alias is taken away and put back as it was`() async throws {
      let alias = try await sets("blog.example.com")
      _ = try await change(.delete(alias[0]))
      #expect(try await sets("blog.example.com") == [])
      _ = try await change(.create(alias[0]))
      #expect(try await sets("blog.example.com") == alias)
    }

    @Test func `of a batch that is refused nothing is done, and AWS's words are told`() async throws
    {
      let good = Route53.RecordSet(name: "a.example.com", type: "A", ttl: 60, values: ["192.0.2.1"])
      var stale = try #require(try await sets("_dmarc.example.com").first)
      stale.ttl = 60
      await #expect {
        _ = try await change(.create(good), .delete(stale))
      } throws: { error in
        guard let error = error as? AWSError else { return false }
        return error.code == "InvalidChangeBatch" && error.effect == .none
          && error.sentence.contains("do not match the current values")
      }
      #expect(try await sets("a.example.com") == [])
    }

    @Test func `a refused batch is also told in the form the reference documents`() async throws {
      let body = """
        <InvalidChangeBatch xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Messages>
        <Message>Tried to delete what is not there</Message></Messages></InvalidChangeBatch>
        """
      await #expect {
        _ = try await Route53(Script([.text(400, body)]).client())
          .changeResourceRecordSets(zone: "Z", [])
      } throws: { error in
        (error as? AWSError)?.code == "InvalidChangeBatch"
          && (error as? AWSError)?.sentence.contains("what is not there") == true
      }
    }

    @Test func `a change before the last one is through is sent again`() async throws {
      try await cloud.control(
        "faults",
        """
        [{"service": "route53", "operation": "ChangeResourceRecordSets",
          "code": "PriorRequestNotComplete"}]
        """)
      let set = Route53.RecordSet(name: "a.example.com", type: "A", ttl: 60, values: ["192.0.2.1"])
      _ = try await change(.create(set))
      #expect(try await sets("a.example.com") == [set])
    }

    @Test func `the blog's certificate is read with its record and what uses it`() async throws {
      let arns = try await acm.listCertificates()
      #expect(arns.count == 1)
      let found = try await acm.describeCertificate(arns[0])
      #expect(found.domain == "blog.example.com")
      #expect(found.status == "ISSUED" && found.type == "AMAZON_ISSUED")
      let leftMs = try #require(found.notAfterMs) - (try await cloud.nowMs())
      #expect(abs(leftMs - 200 * 86_400_000) < 3_600_000)
      #expect(found.inUseBy.allSatisfy { $0.contains(":loadbalancer/app/") })
      #expect(found.inUseBy.count == 1 && found.isEligibleForRenewal)
      #expect(found.renewalStatus == nil)
      let record = try #require(found.validation.first)
      #expect(record.name.hasSuffix(".blog.example.com.") && record.type == "CNAME")
      #expect(try await sets(String(record.name.dropLast())).first?.values == [record.value])
      try await cloud.control(
        "certificate", #"{"renewal": "FAILED", "renewal_reason": "CAA_ERROR"}"#)
      let failed = try await acm.describeCertificate(arns[0])
      #expect(failed.renewalStatus == "FAILED" && failed.renewalReason == "CAA_ERROR")
    }

    @Test func `a certificate is asked for once by its token, issued and deleted`() async throws {
      func request() async throws -> String {
        try await acm.requestCertificate(
          domain: "new.example.com", others: ["*.new.example.com"], token: "CR1")
      }
      let arn = try await request()
      #expect(try await request() == arn)
      let waiting = try await acm.describeCertificate(arn)
      #expect(waiting.status == "PENDING_VALIDATION" && waiting.notAfterMs == nil)
      // The domain and its wildcard have the same record.
      #expect(waiting.validation.count == 1)
      for record in waiting.validation {
        _ = try await change(
          .upsert(
            Route53.RecordSet(
              name: record.name, type: record.type, ttl: 300, values: [record.value])))
      }
      _ = try await acm.describeCertificate(arn)
      try await cloud.control("clock", #"{"advance_s": 300}"#)
      #expect(try await acm.describeCertificate(arn).status == "ISSUED")
      try await acm.deleteCertificate(arn)
      #expect(await isNotFound { _ = try await acm.describeCertificate(arn) })
      #expect(await isNotFound { try await acm.deleteCertificate(arn) })
    }

    @Test func `a certificate in use is not deleted`() async throws {
      let arn = try await acm.listCertificates()[0]
      await #expect {
        try await acm.deleteCertificate(arn)
      } throws: { ($0 as? AWSError)?.code == "ResourceInUseException" }
    }

    @Test func `certificates of every kind of key are listed, on every page`() async throws {
      struct Wanted: Encodable {
        let DomainName = "ec.example.com"
        let KeyAlgorithm = "EC_prime256v1"
      }
      let body = try client.encode(Wanted(), .write(.acm, "RequestCertificate"))
      _ = try await client.json(.write(.acm, "RequestCertificate"), body: body)
      try await cloud.control("pages", #"{"acm.ListCertificates": 1}"#)
      #expect(try await acm.listCertificates().count == 2)
      try await cloud.control("pages", "{}")
    }

    @Test func `identities are read with DKIM and MAIL FROM, on every page`() async throws {
      let ses = SES(client)
      try await cloud.control("pages", #"{"sesv2.ListEmailIdentities": 1}"#)
      #expect(try await ses.listEmailIdentities() == ["example.com", "owner@example.com"])
      try await cloud.control("pages", "{}")
      let domain = try await ses.getEmailIdentity("example.com")
      #expect(domain.isVerified && domain.dkimStatus == "SUCCESS")
      #expect(domain.dkimTokens == Self.tokens)
      #expect(domain.mailFromDomain == nil && domain.mailFromStatus == nil)
      try await cloud.control("ses", #"{"mail_from": "bounce.example.com", "dkim": "FAILED"}"#)
      let changed = try await ses.getEmailIdentity("example.com")
      #expect(changed.mailFromDomain == "bounce.example.com")
      #expect(changed.mailFromStatus == "PENDING" && changed.dkimStatus == "FAILED")
      #expect(try await ses.getEmailIdentity("owner@example.com").isVerified)
      #expect(await isNotFound { _ = try await ses.getEmailIdentity("nobody@example.com") })
    }

    @Test func `sending is turned off and on`() async throws {
      let ses = SES(client)
      try await ses.putAccountSendingAttributes(enabled: false)
      #expect(try await !ses.getAccount().sendingEnabled)
      try await ses.putAccountSendingAttributes(enabled: true)
      #expect(try await ses.getAccount().sendingEnabled)
      #expect(try await cloud.control("violations").entries == [])
    }
  }
}
