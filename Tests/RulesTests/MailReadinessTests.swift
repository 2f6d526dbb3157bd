import Rules
import Testing

/// The checklist before production access is asked for.
@Suite struct MailReadinessTests {
  private func sender(_ from: String?, domain: String) -> ReadinessRow? {
    var (estate, service) = (EstateSamples.estate, EstateSamples.service)
    var identities = EstateSamples.identities
    service.mailFrom = from
    identities.domain = domain
    estate.add(service)
    estate.add(identities)
    return MailReadiness(estate: estate, notes: [:], tested: []).rows.first { $0.id == "sender" }
  }

  @Test func `the sender is within the domain, outside it, or not set`() {
    #expect(sender("Blog <blog@example.com>", domain: "example.com")?.state == .ready)
    #expect(sender("blog@mail.example.com", domain: "example.com")?.state == .ready)
    #expect(sender("blog@badexample.com", domain: "example.com")?.state == .lacking)
    #expect(sender(nil, domain: "example.com")?.state == .lacking)
  }

  @Test func `whether it is within a domain that nobody has told is not known`() {
    #expect(sender("blog@example.com", domain: "")?.state == .notKnown)
  }
}
