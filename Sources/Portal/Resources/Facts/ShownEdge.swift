import Rules

extension BlogFacts: Shown {
  var known: String {
    guard problem == nil else { return "gives no page" }
    let ghost = version.isEmpty ? "" : "; Ghost \(version)"
    return "answers \(status) in \(ms) ms\(ghost)"
      + (missingTheme.map { "; theme “\($0)” is missing" } ?? "")
  }

  var details: [Detail] {
    [
      Detail("Address", url), Detail("Home page", problem ?? "\(status) in \(ms) ms"),
      Detail("Sends on to", redirectsTo ?? "nowhere"), Detail("Title", title),
      Detail("Ghost", version), Detail("Missing theme", missingTheme ?? "none"),
      Detail("Theme of the page", pageTheme ?? "not told"),
      Detail("Active theme", activeTheme ?? "not told"),
      Detail("Certificate valid until", certificateUntil),
    ]
  }
}

extension BalancerFacts: Shown {
  var known: String {
    let healthy = targets.filter { $0.state == "healthy" }.count
    return "\(state); \(healthy) of \(count(targets.count, "target")) healthy"
  }

  var details: [Detail] {
    [
      Detail("Name", name), Detail("State", state),
      Detail("Listens on", listeners.joined(separator: ", ")),
      Detail("Deletion protection", protectsDeletion ? "on" : "off"),
    ]
  }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Targets", ["Target", "State", "Reason"], targets.map { [$0.id, $0.state, $0.reason] },
        empty: "There is no target.")
    ]
  }
}

extension NetworkFacts: Shown {
  var known: String {
    gateways.isEmpty
      ? "none"
      : gateways.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        .joined(separator: ", ")
  }

  var details: [Detail] { gateways.sorted { $0.key < $1.key }.map { Detail($0.key, $0.value) } }
}

extension ZoneFacts: Shown {
  var known: String { "\(name); \(count(records.count, "record set"))" }

  var details: [Detail] { [Detail("Zone", name), Detail("Id", id)] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Records", ["Name", "Type", "Kept by caches", "Value"],
        records.map {
          [
            $0.name, $0.type, $0.ttl.map { Span.words(ms: $0 * Span.second) } ?? "as the target",
            $0.alias.isEmpty ? $0.values.joined(separator: " ") : "alias of \($0.alias)",
          ]
        }, empty: "The zone is empty.")
    ]
  }
}

extension CertificateFacts: Shown {
  var known: String {
    let first = certificates.filter(\.isInUse).compactMap(\.until).min()
    return count(certificates.count, "certificate")
      + (first.map { "; the first in use ends \($0.local)" } ?? "")
  }

  var details: [Detail] { [] }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Certificates", ["Domain", "State", "Until", "In use", "Renewal"],
        certificates.map {
          [
            $0.domain, $0.status.lowercased(), $0.until.local, $0.isInUse ? "yes" : "no",
            $0.renewal.isEmpty
              ? ($0.isEligible ? "by ACM" : "not by ACM") : $0.renewal.lowercased(),
          ]
        }, empty: "There is no certificate.")
    ]
  }
}

extension StackFacts: Shown {
  var known: String { "\(status); \(count(resources, "resource")); drift \(driftWords)" }

  private var driftWords: String { drift.lowercased().split(separator: "_").joined(separator: " ") }

  var details: [Detail] {
    [
      Detail("Stack", name), Detail("State", status), Detail("Reason", reason),
      Detail("Drift", driftWords), Detail("Drift looked for", driftCheckedAt),
      Detail("Termination protection", isProtected ? "on" : "off"),
      Detail("Updated", updatedAt), Detail("Resources", String(resources)),
    ]
  }
}
