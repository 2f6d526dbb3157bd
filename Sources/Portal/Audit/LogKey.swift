import Cryptography
import Foundation
import GRDB
import Glibc
import Rules

/// The key that signs the log. It is in a file outside the database, so that whoever can write the
/// one can't sign what they wrote.
enum LogKey {
  /// What the signer of a log is called; also how its checkpoints begin.
  static func name(logID: String) -> String { "caretaker/\(logID)" }

  /// The key for this start: read from its file, or made when the log has none yet. That the log
  /// is signed with it is in the log.
  /// - Throws: `StorageProblem` when the file is missing, open to others, or of another log.
  static func open(_ file: String, in storage: Storage, outside: Outside) throws -> NoteSigner {
    let (logID, known) = try storage.writeNow { db in
      (try AuditLog.logID(in: db), try current(in: db))
    }
    // A rotation that was cut short has left the key it wrote down beside the one it replaces.
    if let known, try read(file + ".new", logID: logID)?.publicKey == known {
      try move(file + ".new", to: file)
    }
    let signer =
      try read(file, logID: logID) ?? make(file, logID: logID, known: known, outside: outside)
    if known == nil {
      try storage.writeNow { db in
        try AuditLog.append(
          .keyAdded(signer.publicKey.text), by: .portal, at: outside.now(), in: db)
      }
    } else if known != signer.publicKey {
      throw StorageProblem(
        "The key in \(file) is not the one the log is signed with. Put the right file back, or "
          + "run `caretaker audit rotate-key --lost`, which the log will show.")
    }
    return signer
  }

  /// The key that the log is signed with now; nil when it has none yet.
  static func current(in db: Database) throws -> NoteKey? {
    try all(in: db).last
  }

  /// Every key that the log was ever signed with, oldest first.
  static func all(in db: Database) throws -> [NoteKey] {
    try entries(in: db).compactMap { $0.data["key"]?.text.flatMap(NoteKey.init) }
  }

  /// The entries that name a key, oldest first.
  static func entries(in db: Database) throws -> [AuditEntry] {
    try ["log.key_added", "log.key_rotated"]
      .flatMap { try AuditStore.entries(ofItself: $0, in: db) }
      .sorted { $0.seq < $1.seq }
  }

  /// Replaces the key, in the log first and then in the file.
  /// - Parameter isLost: the present key is gone, so that it can't speak for the new one.
  static func rotate(
    _ file: String, isLost: Bool, in storage: Storage, outside: Outside
  ) throws -> NoteKey {
    let logID = try storage.writeNow { try AuditLog.logID(in: $0) }
    let new = try generate(logID: logID, outside: outside)
    let event: AuditEvent
    if isLost {
      event = .keyAdded(new.publicKey.text)
    } else {
      let old = try open(file, in: storage, outside: outside)
      let note = try KeyRotation(logID: logID, old: old.publicKey, new: new.publicKey)
        .signed(by: [old, new])
      event = .keyRotated(new.publicKey.text, note: note.whole)
    }
    // Written beside it first: after a crash, one of the two files is the one that the log names.
    unlink(file + ".new")
    try KeyFile.write(new.secret, to: file + ".new", mode: 0o400)
    try storage.writeNow { db in
      try AuditLog.append(event, by: .command, at: outside.now(), in: db)
    }
    try move(file + ".new", to: file)
    return new.publicKey
  }

  private static func move(_ source: String, to file: String) throws {
    guard rename(source, file) == 0 else {
      throw StorageProblem("Can't rename \(source) to \(file): \(problem()) Do it by hand.")
    }
  }

  private static func make(
    _ file: String, logID: String, known: NoteKey?, outside: Outside
  ) throws -> NoteSigner {
    guard known == nil else {
      throw StorageProblem(
        "The key that signs the log, \(file), is not there. Put it back from its copy, or run "
          + "`caretaker audit rotate-key --lost`, which the log will show.")
    }
    let signer = try generate(logID: logID, outside: outside)
    try KeyFile.write(signer.secret, to: file, mode: 0o400)
    return signer
  }

  private static func generate(logID: String, outside: Outside) throws -> NoteSigner {
    let seed = Secret(bytes: try outside.randomBytes(SigningKey.seedLength))
    return NoteSigner(name: name(logID: logID), key: try SigningKey(seed: seed))
  }

  /// The key in the file; nil when there is no file.
  private static func read(_ file: String, logID: String) throws -> NoteSigner? {
    guard let line = try KeyFile.read(file, holding: "the key that signs the log") else {
      return nil
    }
    guard let signer = NoteSigner(line) else {
      throw StorageProblem("\(file) holds no key that can sign the log. Put the right file back.")
    }
    guard signer.publicKey.name == name(logID: logID) else {
      throw StorageProblem("The key in \(file) belongs to another log. Put the right file back.")
    }
    return signer
  }

  private static func problem() -> String { String(cString: strerror(errno)) + "." }
}

/// What both keys sign when one follows the other.
struct KeyRotation {
  let logID: String
  let old: NoteKey
  let new: NoteKey

  private var text: String { "caretaker key rotation\n\(logID)\n\(old.text)\n\(new.text)\n" }

  func signed(by signers: [NoteSigner]) throws -> SignedNote {
    try SignedNote(text, signedBy: signers)
  }

  /// Whether the note is this rotation, signed by both.
  func isSigned(in note: SignedNote) -> Bool {
    note.text == text && note.isSigned(by: old) && note.isSigned(by: new)
  }
}
