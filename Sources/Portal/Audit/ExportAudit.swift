import GRDB
import HTTP
import HTTPTypes
import Rules

/// The files that entries leave the log as.
enum AuditFormat: String, CaseIterable {
  case csv, ocsf

  /// As people and the log call it.
  var words: String { rawValue.uppercased() }

  var contentType: String {
    switch self {
    case .csv: "text/csv; charset=utf-8; header=present"
    case .ocsf: "application/x-ndjson"
    }
  }

  /// The end of the file's name.
  var suffix: String {
    switch self {
    case .csv: "csv"
    case .ocsf: "ocsf.jsonl"
    }
  }
}

extension Portal {
  /// Entries that one file holds. More are refused: a short file would look whole.
  static let entriesPerFileMax = 50_000

  /// The entries of a filtered list as a file, oldest first. That they left is in the log before
  /// they do.
  func exportAudit(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    guard let format = AuditFormat(rawValue: visit.field("format")) else {
      throw Failure.badForm("The format is not one of CSV and OCSF.")
    }
    var asked: AuditFilter?
    do {
      let filter = try AuditFilter(visit.form).with { $0.before = nil }
      asked = filter
      let (body, count) = try await file(of: filter, as: format)
      let narrowed = filter.isNarrow ? " (\(filter.query))" : ""
      let event = AuditEvent.logExported("\(count) entries as \(format.words)\(narrowed)")
      try await storage.write { [now = visit.now] db in
        try AuditLog.append(event, by: .person(person), at: now, in: db)
      }
      return .attachment(
        body, type: format.contentType,
        named: "caretaker-audit-\(Day(visit.now).iso).\(format.suffix)")
    } catch let mistakes as Mistakes {
      return try await auditPage(asked, problems: mistakes.all, for: visit)
    }
  }

  /// The file, whole: an entry that can't be read is an error.
  private func file(
    of filter: AuditFilter, as format: AuditFormat
  ) async throws -> (body: [UInt8], count: Int64) {
    try await storage.read { db in
      let numbers = try AuditSearch(filter, in: db)
        .numbers(limit: Self.entriesPerFileMax + 1, in: db)
      guard numbers.count <= Self.entriesPerFileMax else {
        throw Mistakes(
          "More than \(Self.entriesPerFileMax) entries fit, which is the most that one file holds. "
            + "Nothing was exported: choose fewer days.", at: "from")
      }
      // The filter is logged as well, so that it names only what is in the log already.
      guard !numbers.isEmpty else {
        throw Mistakes("No entry fits, so there is no file.", at: "person")
      }
      let entries = try numbers.reversed().map { number in
        guard let entry = try AuditStore.entry(number, in: db) else {
          throw StorageProblem("Entry \(number) of the audit log is missing.")
        }
        if let damage = entry.damage { throw damage }
        return entry
      }
      let people = try PersonStore.all(in: db)
      switch format {
      case .csv: return (AuditCSV.file(entries, people: people), Int64(entries.count))
      case .ocsf:
        let ocsf = AuditOCSF(logID: try AuditLog.logID(in: db), people: people)
        return (ocsf.file(entries), Int64(entries.count))
      }
    }
  }
}
