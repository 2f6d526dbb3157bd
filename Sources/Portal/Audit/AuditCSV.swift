import Rules

/// Entries as comma-separated values (RFC 4180), for people with a spreadsheet. Proves nothing:
/// the chain is over the exact bytes, which are not in it.
enum AuditCSV {
  private static let header = [
    "entry", "time_utc", "person", "who", "type", "outcome", "change", "what",
  ]

  static func file(_ entries: [AuditEntry], people: [Person]) -> [UInt8] {
    let rows = entries.map { entry in
      [
        String(entry.seq), entry.at.iso, entry.personID.map(String.init) ?? "",
        entry.actorName(among: people), entry.type,
        AuditOutcome(type: entry.type, data: entry.data).rawValue,
        entry.change.map { "CR-\($0)" } ?? "", entry.sentence(among: people),
      ]
    }
    return bytes([header] + rows)
  }

  /// Rows as a file, the first of them the names of the columns.
  static func bytes(_ rows: [[String]]) -> [UInt8] {
    Array(rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined().utf8)
  }

  /// A cell that no spreadsheet runs as a formula, quoted where the format asks for it.
  static func cell(_ text: String) -> String {
    let formula: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]
    let isFormula = text.unicodeScalars.first.map(formula.contains) ?? false
    let safe = isFormula ? "'" + text : text
    guard safe.utf8.contains(where: { [0x22, 0x2C, 0x0D, 0x0A].contains($0) }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}
