import Cryptography
import Foundation
import GRDB
import Rules

/// Proves a log from its own bytes, entry by entry, in constant memory. Reads, and nothing else.
public struct AuditVerifier: Sendable {
  let pinned: NoteKey?
  private let anchors: [AuditProof.Anchor]
  private let work: LongWork

  /// - Parameters:
  ///   - key: the log's public key, from elsewhere than the log: the text itself or a file of it.
  ///   - folder: anchors as they were copied from where they are kept, in any folders.
  ///   - work: is told how far it has come.
  /// - Throws: `StorageProblem` when the key or an anchor can't be read.
  public init(
    key: String? = nil, anchors folder: String? = nil, work: LongWork = .unwatched
  ) throws {
    self.work = work
    pinned = try key.map(Self.key)
    anchors = try folder.map(Self.anchors) ?? []
  }

  /// Reads a whole log once: a database, also while a portal works on it, or an export.
  /// - Throws: when it can't be read, or is neither.
  public func verify(_ path: String) throws -> AuditVerdict {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw StorageProblem("There is no such file, or it may not be read.")
    }
    defer { try? file.close() }
    let isDatabase = try file.read(upToCount: Self.databaseMark.count) == Self.databaseMark
    do {
      return isDatabase ? try verify(database: path) : try verify(export: path)
    } catch let verdict as AuditVerdict {
      return verdict
    }
  }

  private static let part = "Proving the log"
  private static let databaseMark = Data("SQLite format 3\0".utf8)

  private func verify(database path: String) throws -> AuditVerdict {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration).read { db in
      // As bytes here and below, since SQLite's text may go on behind a zero.
      let name = try Data.fetchOne(
        db, sql: "SELECT CAST(id AS BLOB) FROM log WHERE typeof(id) = 'text'")
      let logID = name.flatMap { String(validating: $0, as: UTF8.self) } ?? ""
      var proof = AuditProof(
        chain: AuditChain(logID: logID), keys: AuditKeys(logID: logID, pinned: pinned), line: 0,
        replay: AuditReplay(), anchors: anchors)
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT seq, at, CASE typeof(type) WHEN 'text' THEN CAST(type AS BLOB) END AS type,
            person_id, change, bytes, chain
          FROM audit ORDER BY seq
          """)
      let checkpoints = try Row.fetchCursor(
        db,
        sql: """
          SELECT size, CASE typeof(frontier) WHEN 'blob' THEN frontier ELSE x'' END AS frontier,
            CASE typeof(note) WHEN 'text' THEN note ELSE '' END AS note
          FROM checkpoints WHERE typeof(size) = 'integer' ORDER BY size
          """)
      let count = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM audit") ?? 0
      var checkpoint = try checkpoints.next()
      while let row = try rows.next() {
        try Self.take(row, to: &proof)
        work.stands(at: proof.seq, of: count, Self.part)
        while let kept = checkpoint, kept["size"] == proof.seq {
          try proof.take(checkpoint: kept["note"], frontier: [UInt8](kept["frontier"] as Data))
          checkpoint = try checkpoints.next()
        }
      }
      let claimed = try Int64.fetchOne(
        db, sql: "SELECT max(size) FROM checkpoints WHERE typeof(size) = 'integer'")
      return try proof.verdict(claimed: claimed ?? 0)
    }
  }

  /// Takes a row: its bytes, and the columns before that repeat them. Whoever writes the file as
  /// they like may have put any kind of value in any column.
  private static func take(_ row: Row, to proof: inout AuditProof) throws {
    guard case .blob(let bytes) = (row["bytes"] as DatabaseValue).storage else {
      throw AuditVerdict.tampered(entry: proof.seq + 1, why: "is not in its canonical form")
    }
    let kept = (row["chain"] as DatabaseValue).storage
    let link = if case .blob(let bytes) = kept { [UInt8](bytes) } else { [UInt8]() }
    let entry = try proof.take([UInt8](bytes), link: link)
    let repeats: KeyValuePairs = [
      "seq": said(entry["seq"]?.number), "at": said(entry["at"]?.number),
      "type": said(entry["type"]?.text.map { Data($0.utf8) }),
      "person": said(entry["person"]?.number), "change": said(entry["data"]?["change"]?.number),
    ]
    for (index, (column, said)) in repeats.enumerated()
    where (row[index] as DatabaseValue).storage != said {
      throw AuditVerdict.tampered(
        entry: proof.seq, why: "says something else in its column \(column)")
    }
  }

  /// What an entry says, as a column has to hold it.
  private static func said(_ value: (some DatabaseValueConvertible)?) -> DatabaseValue.Storage {
    (value?.databaseValue ?? .null).storage
  }

  private func verify(export path: String) throws -> AuditVerdict {
    let lines = try LineReader(path: path)
    guard let first = try lines.next(), let header = Canonical(canonical: first),
      let part = AuditPart(header)
    else { throw StorageProblem("It is neither a database of Caretaker nor an export.") }
    var proof = part.proof(pinned: pinned, anchors: anchors)
    while let bytes = try lines.next() {
      guard let line = Canonical(canonical: bytes), case .object(let members) = line else {
        throw AuditVerdict.tampered(entry: proof.seq + 1, why: "is not in its canonical form")
      }
      let link = line["link"]?.text.flatMap(Hex.decode)
      switch (members.keys.sorted(), line["checkpoint"]?.text, line["entry"], link) {
      case (["checkpoint"], let note?, _, _): try proof.take(checkpoint: note)
      case (["entry", "link"], _, let entry?, let link?):
        _ = try proof.take(entry.bytes, link: link)
        work.stands(at: proof.seq, of: part.to, Self.part)
      default:
        throw AuditVerdict.tampered(entry: proof.seq + 1, why: "is no line of an export")
      }
    }
    guard proof.seq <= part.to else {
      throw AuditVerdict.tampered(entry: proof.seq, why: "is more than the export says it holds")
    }
    return try proof.verdict(claimed: part.to)
  }
}

// What a reader brings along.
extension AuditVerifier {
  private static func key(_ given: String) throws -> NoteKey {
    let file = FileManager.default.contents(atPath: given)
    let text = file.map { String(decoding: $0, as: UTF8.self) } ?? given
    guard let key = NoteKey(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw StorageProblem(
        "“\(given)” is neither a public key, caretaker/…+…+…, nor a file that holds one.")
    }
    return key
  }

  private static func anchors(in folder: String) throws -> [AuditProof.Anchor] {
    guard let names = FileManager.default.enumerator(atPath: folder) else {
      throw StorageProblem("Can't read the folder \(folder).")
    }
    var anchors: [AuditProof.Anchor] = []
    for case let name as String in names {
      let path = folder + "/" + name
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      let data = FileManager.default.contents(atPath: path) ?? Data()
      guard let note = SignedNote(whole: String(decoding: data, as: UTF8.self)),
        let checkpoint = Checkpoint(note)
      else { throw StorageProblem("\(path) is no checkpoint. Take it away, or copy it again.") }
      anchors.append(AuditProof.Anchor(note: note, checkpoint: checkpoint))
    }
    return anchors
  }
}
