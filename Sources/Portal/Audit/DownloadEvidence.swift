import GRDB
import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// Everything about one change in one file that proves itself. The log says who took it.
  func downloadEvidence(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let number = try visit.number("number")
    let change = try await storage.read { try ChangeStore.find(number, in: $0) }
    try await storage.write { [now = visit.now] db in
      try AuditLog.append(
        .logExported("the evidence of CR-\(number)"), by: .person(person), at: now, in: db)
    }
    await signLog()
    let lines = try await storage.read { db in
      let last = try AuditStore.entries(of: number, in: db).last?.seq ?? 0
      guard let checkpoint = try CheckpointStore.last(in: db), checkpoint.size >= last else {
        throw Failure.notSigned
      }
      return try EvidencePack.lines(of: change, checkpoint: checkpoint, in: db)
    }
    return .attachment(
      lines.flatMap { $0.bytes + [UInt8(ascii: "\n")] }, type: "application/jsonl",
      named: "CR-\(number)-evidence.jsonl")
  }
}

extension Failure {
  static let notSigned = Failure(
    status: .serviceUnavailable, title: "The log can't be signed",
    sentence: "No checkpoint of the log speaks for all of the change, so nothing would prove the "
      + "file. Nothing was changed. See the notice above, or the server's own log.")
}
