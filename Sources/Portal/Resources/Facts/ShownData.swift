import Rules

extension DatabaseFacts: Shown {
  var known: String {
    let waiting = pending.isEmpty ? "" : "; waiting: \(pendingWords)"
    return "\(instanceClass), \(status); \(engine) \(engineVersion); \(storageGiB) GiB "
      + "\(storageType); \(multiAZ ? "Multi-AZ" : "Single-AZ"); "
      + "\(encrypted ? "encrypted" : "not encrypted"); backups kept "
      + Span.words(days: backupRetentionDays) + waiting
  }

  var details: [Detail] {
    [
      Detail("State", status), Detail("Class", instanceClass),
      Detail("Engine", "\(engine) \(engineVersion)"),
      Detail("Storage", "\(storageGiB) GiB \(storageType)"),
      Detail("Zones", multiAZ ? "Multi-AZ" : "Single-AZ"), Detail("Encrypted", encrypted),
      Detail("Backups kept", Span.words(days: backupRetentionDays)),
      Detail("Restorable up to", restorableTo),
      Detail("Deletion protection", deletionProtection ? "on" : "off"),
      Detail("Waiting for the window", pendingWords),
      Detail("Maintenance window", windowWords),
      Detail("Maintenance to come", maintenance.joined(separator: "; ")),
      Detail("Certificate", certificate + (certificateUntil.map { ", until \($0.local)" } ?? "")),
      Detail("Address", endpoint), Detail("Reached from the internet", isPublic),
    ]
  }
}

extension BackupFacts: Shown {
  var known: String {
    let span = restorableTo.map { "; restorable up to \($0.local)" } ?? "; no automated backups"
    return count(snapshots.count, "snapshot") + span
  }

  var details: [Detail] {
    [
      Detail("Restorable from", restorableFrom), Detail("Restorable up to", restorableTo),
      Detail("Public snapshots", publicSnapshots.joined(separator: ", ")),
    ]
  }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Snapshots", ["Snapshot", "Kind", "State", "Made", "Size", "Encrypted", "Engine"],
        snapshots.map {
          [
            $0.id, $0.kind, $0.status + ($0.percent < 100 ? ", \($0.percent) %" : ""),
            $0.madeAt.local, "\($0.storageGiB) GiB", $0.isEncrypted ? "yes" : "no",
            $0.engineVersion,
          ]
        }, empty: "There is no snapshot.")
    ]
  }
}

extension BucketFacts: Shown {
  var known: String {
    versioningWords + (noncurrentDays.map { "; old versions kept \(Span.words(days: $0))" } ?? "")
  }

  var versioningWords: String {
    switch versioning {
    case "enabled": "versioning on"
    case "suspended": "versioning suspended"
    default: "versioning off"
    }
  }

  var details: [Detail] {
    [
      Detail("Versioning", versioning), Detail("Encryption", encryption),
      Detail("Old versions kept", noncurrentDays.map { Span.words(days: $0) } ?? "for ever"),
      Detail("Anybody may read it", isPublic),
      Detail("Public access blocked", "\(blocks.count) of 4 parts"),
    ]
  }
}

extension LogFacts: Shown {
  var known: String {
    let kept = retentionDays.map { "lines kept \(Span.words(days: $0))" } ?? "lines kept for ever"
    let seen = signatures.values.reduce(Int64(0)) { $0.addingReportingOverflow($1).partialValue }
    return kept + (seen == 0 ? "" : "; \(count(seen, "sign")) of trouble in an hour")
  }

  var details: [Detail] {
    [
      Detail("Lines kept", retentionDays.map { Span.words(days: $0) } ?? "for ever"),
      Detail("Stored", bytes(storedBytes)),
      Detail("Looked at", isComplete ? "every line of the last hour" : "a part of the last hour"),
    ]
  }

  var tables: [DetailTable] {
    [
      DetailTable(
        "Known signs of trouble, last hour", ["Sign", "Seen", "What to do"],
        LogSignature.all.map { [$0.meaning, String(signatures[$0.id] ?? 0), $0.remedy] },
        empty: ""),
      DetailTable(
        "Newest errors", ["When", "Line"], errors.map { [$0.at.local, $0.text] },
        empty: "No line of the last hour tells of an error."),
    ]
  }
}
