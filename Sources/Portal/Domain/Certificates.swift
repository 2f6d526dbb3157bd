import AWS
import Rules

extension ChangeKind {
  /// Another certificate.
  static let certificateRequest = ChangeKind(
    id: "acm.request", label: "Request a certificate",
    about: "ACM issues it once a record in the zone proves the domain.", subject: .certificates,
    form: { _ in [FormField("domain", "Domain", .text, hint: "blog.example.com")] },
    plan: { means, asked in
      let domain = asked.field("domain").lowercased()
      guard domain.contains("."), !domain.contains(where: { $0.isWhitespace || $0 == "/" }) else {
        throw PlanProblem("Write a domain such as blog.example.com.")
      }
      return Certificates.request(
        domain, have: try await means.cloud.certificates(of: domain).count, for: asked)
    },
    read: { means, plan in
      let found = try await means.cloud.certificates(of: plan.parameters["domain"] ?? "")
      return [Certificates.countField: String(found.count)]
    },
    perform: { means, _, step, _ in
      try await means.cloud.acm.requestCertificate(
        domain: step.parameters["DomainName"] ?? "",
        token: step.parameters["IdempotencyToken"] ?? "")
    })

  /// The end of a certificate that nothing uses.
  static let certificateDeletion = ChangeKind(
    id: "acm.delete", label: "Delete a certificate",
    about:
      "ACM deletes only what nothing uses. It can’t be put back, so it needs two other people.",
    subject: .certificates,
    form: { estate in
      let unused = estate[CertificateFacts.self].facts?.certificates.filter { !$0.isInUse } ?? []
      return [
        FormField(
          "arn", "Certificate",
          .choice(
            unused.map { ($0.arn, "\($0.domain), \($0.status.lowercased()), …\($0.arn.suffix(6))") }
          ),
          hint: unused.isEmpty ? "Every certificate is in use: there is none to delete." : "")
      ]
    },
    plan: { means, asked in
      let arn = asked.field("arn")
      guard arn.hasPrefix("arn:") else {
        throw PlanProblem("Choose a certificate that nothing uses.")
      }
      let found = try await means.cloud.acm.describeCertificate(arn)
      return try Certificates.deletion(
        of: arn, domain: found.domain, uses: found.inUseBy, for: asked)
    },
    read: { means, plan in
      do {
        let found = try await means.cloud.acm.describeCertificate(plan.parameters["arn"] ?? "")
        return [Certificates.useField: Certificates.words(found.inUseBy)]
      } catch let error as AWSError {
        guard case .notFound = error.reason else { throw error }
        return [Certificates.useField: "deleted"]
      }
    },
    perform: { means, _, step, _ in
      try await means.cloud.acm.deleteCertificate(step.parameters["CertificateArn"] ?? "")
      return "ACM deleted it."
    })
}

/// Plans certificates to come and to go.
enum Certificates {
  static let countField = "certificates.of_domain"
  static let useField = "certificate.use"

  static func request(_ domain: String, have: Int, for asked: Asked) -> Plan {
    Plan(
      change: asked.change, kind: ChangeKind.certificateRequest.id, site: asked.site.name,
      title: "Request a certificate for \(domain)", guarding: .guarded,
      parameters: ["domain": domain], locks: ["acm:\(domain)"],
      preconditions: [Reading(countField, "Certificates for \(domain)", String(have))],
      steps: [
        Step(
          service: "acm", operation: "RequestCertificate", words: "Request the certificate",
          parameters: [
            "DomainName": domain, "ValidationMethod": "DNS", "IdempotencyToken": asked.change,
          ], recovery: .token)
      ],
      expected: [Reading(countField, "Certificates for \(domain)", String(have + 1))], failure: [],
      verifyWithinMs: Setting.verifyWithinMs,
      effects: [
        "ACM issues it once the record that it names is in the zone.",
        "Nothing uses it until the stack's code names it.",
        "It costs nothing.",
      ], cost: .none)
  }

  static func deletion(
    of arn: String, domain: String, uses: [String], for asked: Asked
  ) throws -> Plan {
    guard uses.isEmpty else {
      throw PlanProblem(
        "\(domain) is in use by \(uses.joined(separator: ", ")). Take it out there.")
    }
    return Plan(
      change: asked.change, kind: ChangeKind.certificateDeletion.id, site: asked.site.name,
      title: "Delete the certificate for \(domain)", guarding: .irreversible,
      parameters: ["arn": arn], locks: [arn],
      preconditions: [Reading(useField, "In use by", words(uses))],
      steps: [
        Step(
          service: "acm", operation: "DeleteCertificate", words: "Delete the certificate",
          parameters: ["CertificateArn": arn], recovery: .setTo)
      ],
      expected: [Reading(useField, "In use by", "deleted")], failure: [],
      verifyWithinMs: Setting.verifyWithinMs,
      effects: [
        "Another one for \(domain) has to be requested and proved anew.", Setting.driftNote,
      ], cost: .none, typedName: domain)
  }

  static func words(_ uses: [String]) -> String {
    uses.isEmpty ? "nothing" : uses.sorted().joined(separator: ", ")
  }
}

extension Cloud {
  /// The ARNs of the certificates for a domain.
  fileprivate func certificates(of domain: String) async throws -> [String] {
    let arns = try await acm.listCertificates()
    return try await withThrowingTaskGroup { group in
      for arn in arns {
        group.addTask { try await acm.describeCertificate(arn).domain == domain ? arn : nil }
      }
      return try await group.reduce(into: []) { if let arn = $1 { $0.append(arn) } }
    }
  }
}
