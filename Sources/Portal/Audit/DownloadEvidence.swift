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
      guard let checkpoint = try CheckpointStore.last(in: db) else { throw Failure.notSigned }
      return try EvidencePack.lines(of: change, checkpoint: checkpoint, in: db)
    }
    let name = "CR-\(number)-evidence.jsonl"
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/jsonl", .cacheControl: "no-store",
        .contentDisposition: "attachment; filename=\"\(name)\"",
      ],
      body: lines.flatMap { $0.bytes + [UInt8(ascii: "\n")] })
  }
}

extension Failure {
  static let notSigned = Failure(
    status: .serviceUnavailable, title: "The log can't be signed",
    sentence: "There is no checkpoint of the log, so nothing would prove the file. Nothing was "
      + "changed. See the notice above, or the server's own log.")
}
