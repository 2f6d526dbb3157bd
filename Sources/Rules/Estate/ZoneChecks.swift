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
          ? facts.adding("\"v=spf1 include:amazonses.com ~all\"", to: "TXT", at: facts.name) : nil)
    },
    Check(
      "dns.dmarc", of: ZoneFacts.self, .attention, expects: "There is a DMARC policy",
      why: "Since 2024 the large mail providers refuse senders of bulk mail without one."
    ) { facts, _ in
      let name = "_dmarc.\(facts.name)"
      return .met(
        facts.texts(at: name).contains { $0.hasPrefix("v=DMARC1") }, "There is a DMARC policy.",
        else: "There is no DMARC policy.", remedy: "Add a TXT record at \(name).",
        mend: facts.adding("\"v=DMARC1; p=none\"", to: "TXT", at: name))
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
        mend: missing.first.map { .record($0.type, $0.name, $0.values) })
    },
  ]
}

extension Mend {
  /// The change that has the records of a name and type say this alone. Caches keep it for five
  /// minutes, or as long as what is there before.
  static func record(
    _ type: String, _ name: String, _ values: [String], over before: RecordSet? = nil
  ) -> Mend {
    Mend(
      "dns.record",
      [
        "act": before == nil ? "create" : "change", "name": name, "type": type,
        "ttl": String(before?.ttl ?? 300), "values": values.joined(separator: "\n"),
      ])
  }
}

extension ZoneFacts {
  /// The records of a name and type; nil where there are none.
  func set(_ type: String, at name: String) -> RecordSet? {
    records.first { $0.name == name && $0.type == type }
  }

  /// The change that has the records of a name and type say one thing more.
  func adding(_ value: String, to type: String, at name: String) -> Mend {
    let before = set(type, at: name)
    return .record(type, name, (before?.values ?? []) + [value], over: before)
  }

  /// The texts of a name's TXT records, without their quotation marks.
  func texts(at name: String) -> [String] {
    records.filter { $0.name == name && $0.type == "TXT" }.flatMap(\.values)
      .map { $0.hasPrefix("\"") && $0.hasSuffix("\"") ? String($0.dropFirst().dropLast()) : $0 }
  }
}
