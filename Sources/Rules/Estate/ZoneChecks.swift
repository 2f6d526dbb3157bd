extension Check {
  /// What the zone is held to.
  static let zone: [Check] = [
    Check(
      "dns.spf", of: ZoneFacts.self, .attention, expects: "SPF allows SES",
      why: "Mail providers doubt mail whose sender's domain does not name who may send."
    ) { facts, _ in
      let spf = facts.texts(at: facts.name).first { $0.hasPrefix("v=spf1") }
      return .met(
        spf?.contains("include:amazonses.com") == true, "SPF names Amazon SES.",
        else: spf == nil ? "There is no SPF record." : "SPF does not name Amazon SES.",
        remedy: "Add “include:amazonses.com” to the TXT record.",
        mend: spf == nil
          ? .record("TXT", facts.name, "\"v=spf1 include:amazonses.com ~all\"") : nil)
    },
    Check(
      "dns.dmarc", of: ZoneFacts.self, .attention, expects: "There is a DMARC policy",
      why: "Since 2024 the large mail providers refuse senders of bulk mail without one."
    ) { facts, _ in
      let name = "_dmarc.\(facts.name)"
      return .met(
        facts.texts(at: name).contains { $0.hasPrefix("v=DMARC1") }, "There is a DMARC policy.",
        else: "There is no DMARC policy.", remedy: "Add a TXT record at \(name).",
        mend: .record("TXT", name, "\"v=DMARC1; p=none\""))
    },
    Check(
      "dns.validation", of: ZoneFacts.self, .danger,
      expects: "The records that prove the domain to ACM are there",
      why: "ACM renews a certificate only while its record is in the zone."
    ) { facts, estate in
      guard let certificates = estate[CertificateFacts.self].facts else {
        return .noData("The certificates could not be read.")
      }
      let needed = certificates.certificates.filter(\.isInUse).flatMap(\.validation)
        .filter { $0.name.hasSuffix("." + facts.name) }
      guard !needed.isEmpty else { return nil }
      let missing = needed.filter { wanted in
        !facts.records.contains { $0.name == wanted.name && $0.type == wanted.type }
      }
      return .met(
        missing.isEmpty, "They are there.",
        else: "Missing: \(missing.map(\.name).joined(separator: ", ")).",
        remedy: "Put the record back.",
        mend: missing.first.map { .record($0.type, $0.name, $0.values.first ?? "") })
    },
  ]
}

extension Mend {
  /// The change that makes a record of the zone, which caches keep for five minutes.
  static func record(_ type: String, _ name: String, _ value: String) -> Mend {
    Mend(
      "dns.record", ["act": "create", "name": name, "type": type, "ttl": "300", "values": value])
  }
}

extension ZoneFacts {
  /// The texts of a name's TXT records, without their quotation marks.
  func texts(at name: String) -> [String] {
    records.filter { $0.name == name && $0.type == "TXT" }.flatMap(\.values)
      .map { $0.hasPrefix("\"") && $0.hasSuffix("\"") ? String($0.dropFirst().dropLast()) : $0 }
  }
}
