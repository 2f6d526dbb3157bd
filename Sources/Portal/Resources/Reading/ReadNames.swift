import AWS
import Rules

// What the answers of Route 53, ACM and SES mean as facts.

extension Cloud {
  /// The zone with its records.
  func zoneFacts(_ id: String) async throws -> ZoneFacts {
    async let zone = route53.getHostedZone(id)
    async let records = route53.listResourceRecordSets(zone: id)
    return ZoneFacts(
      id: id, name: try await zone.name, records: try await records.map(RecordSet.init))
  }

  /// The stack's certificates; those of the region where the stack holds none.
  func certificateFacts(_ ids: SiteIDs) async throws -> CertificateFacts {
    let held = try ids.all("AWS::CertificateManager::Certificate")
    let arns = held.isEmpty ? try await acm.listCertificates() : held
    let certificates = try await withThrowingTaskGroup { group in
      for arn in arns.prefix(Self.certificatesMax) {
        group.addTask { CertificateSummary(try await acm.describeCertificate(arn)) }
      }
      return try await group.reduce(into: [CertificateSummary]()) { $0.append($1) }
    }
    return CertificateFacts(
      certificates: certificates.sorted { ($0.domain, $0.arn) < ($1.domain, $1.arn) })
  }

  /// The identities of SES, and which of them the blog mails from.
  func identityFacts(_ ids: SiteIDs) async throws -> IdentityFacts {
    let names = try await ses.listEmailIdentities().sorted()
    let domain = try await mailDomain(of: Set(names), ids)
    // The blog's own is read however many there are.
    let read = names.filter { $0 == domain } + names.filter { $0 != domain }
    let identities = try await withThrowingTaskGroup { group in
      for name in read.prefix(Self.identitiesMax) {
        group.addTask { IdentitySummary(try await ses.getEmailIdentity(name)) }
      }
      return try await group.reduce(into: [IdentitySummary]()) { $0.append($1) }
    }
    return IdentityFacts(
      identities: identities.sorted { $0.name < $1.name }, domain: domain,
      region: site.region)
  }

  /// The most certificates that are read.
  static let certificatesMax = 50
  /// The most identities that are read.
  static let identitiesMax = 50

  /// The domain the blog mails from: that of its address, or one above it, that is an identity;
  /// where none is, the zone's name.
  private func mailDomain(of identities: Set<String>, _ ids: SiteIDs) async throws -> String {
    let labels = (site.ghostHost ?? "").split(separator: ".")
    let domains = labels.indices.map { labels[$0...].joined(separator: ".") }
    if let own = domains.first(where: identities.contains) { return own }
    return try await route53.getHostedZone(try ids.zone).name
  }
}

extension RecordSet {
  init(_ set: Route53.RecordSet) {
    self.init(
      name: set.name, type: set.type, ttl: set.ttl, values: set.values,
      alias: set.alias?.name ?? "", identifier: set.identifier ?? "")
  }
}

extension CertificateSummary {
  init(_ certificate: ACM.Certificate) {
    self.init(
      arn: certificate.arn, domain: certificate.domain, status: certificate.status,
      until: certificate.notAfterMs.map(Moment.init(ms:)), isInUse: !certificate.inUseBy.isEmpty,
      renewal: certificate.renewalStatus ?? "", renewalReason: certificate.renewalReason ?? "",
      isEligible: certificate.isEligibleForRenewal,
      validation: certificate.validation.map {
        // As the names of a zone's records are here: without a dot at the end.
        RecordSet(
          name: $0.name.hasSuffix(".") ? String($0.name.dropLast()) : $0.name, type: $0.type,
          ttl: nil, values: [$0.value], alias: "", identifier: "")
      })
  }
}

extension IdentitySummary {
  init(_ identity: SES.Identity) {
    self.init(
      name: identity.name, isVerified: identity.isVerified, dkim: identity.dkimStatus,
      dkimTokens: identity.dkimTokens, mailFrom: identity.mailFromDomain,
      mailFromStatus: identity.mailFromStatus ?? "")
  }
}
