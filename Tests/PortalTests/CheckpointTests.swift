import Cryptography
import Foundation
import GRDB
import Rules
import Testing

@testable import Portal

/// The key, and what is signed with it.
@Suite struct CheckpointTests {
  private func file(_ stage: Stage) -> String { stage.portal.configuration.auditKeyFile }

  private func sizes(_ stage: Stage) throws -> [Int64] {
    try stage.portal.storage.readNow {
      try Int64.fetchAll($0, sql: "SELECT size FROM checkpoints ORDER BY size")
    }
  }

  /// Starts again on the folder; the error's words, if it does not start.
  private func problem(startingOn stage: Stage) -> String {
    do {
      _ = try Stage(folder: stage.folder, clock: stage.clock)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func `the first start makes a key that only its owner reads, and the log names it`()
    async throws
  {
    let stage = try Stage()
    let attributes = try FileManager.default.attributesOfItem(atPath: file(stage))
    #expect(attributes[.posixPermissions] as? Int == 0o400)
    #expect(try stage.auditTypes().filter { $0 == "log.key_added" }.count == 1)
    let key = stage.portal.signer.publicKey
    #expect(try stage.portal.storage.readNow { try LogKey.current(in: $0) } == key)
    try await stage.portal.close()
    let again = try Stage(folder: stage.folder, clock: stage.clock)
    #expect(again.portal.signer.publicKey == key)
    #expect(try again.auditTypes().filter { $0 == "log.key_added" }.count == 1)
    try await again.end()
  }

  @Test func `a key that others may read stops the start`() async throws {
    let stage = try Stage()
    try await stage.portal.close()
    chmod(file(stage), 0o440)
    #expect(problem(startingOn: stage).contains("chmod 400"))
  }

  @Test func `a key that is gone, is none or is another's stops the start`() async throws {
    let stage = try Stage()
    let other = try Stage()
    try await stage.portal.close()
    try await other.portal.close()
    func put(_ data: Data?) throws {
      try? FileManager.default.removeItem(atPath: file(stage))
      guard let data else { return }
      #expect(
        FileManager.default.createFile(
          atPath: file(stage), contents: data, attributes: [.posixPermissions: 0o400]))
    }
    try put(nil)
    #expect(problem(startingOn: stage).contains("is not there"))
    try put(Data("nonsense\n".utf8))
    #expect(problem(startingOn: stage).contains("holds no key"))
    try put(FileManager.default.contents(atPath: file(other)))
    #expect(problem(startingOn: stage).contains("another log"))
    let seed = Secret(bytes: [UInt8](repeating: 3, count: 32))
    let forged = NoteSigner(
      name: stage.portal.signer.publicKey.name, key: try SigningKey(seed: seed))
    try put(Data(forged.secret.bytes))
    #expect(problem(startingOn: stage).contains("not the one the log is signed with"))
  }

  @Test func `a stop signs the last entry, and whoever has the key gets 0`() async throws {
    let stage = try Stage()
    _ = try await Proposals.propose(on: stage)
    let key = stage.portal.signer.publicKey.text
    try await stage.portal.close()
    #expect(try Verifiers.verdict(on: stage.database).exitCode == 2)
    #expect(try Verifiers.verdict(on: stage.database, key: key).exitCode == 0)
    let noted = stage.folder + "/noted"
    try Data((key + "\n").utf8).write(to: URL(fileURLWithPath: noted))
    #expect(try Verifiers.verdict(on: stage.database, key: noted).exitCode == 0)
  }

  @Test func `entries after the last checkpoint are counted`() async throws {
    let stage = try Stage()
    await stage.portal.signLog()
    try stage.append(3)
    let verdict = try Verifiers.verdict(
      on: stage.database, key: stage.portal.signer.publicKey.text)
    #expect(verdict.exitCode == 2)
    #expect(verdict.sentence.contains("not for the 3 after it"))
    try await stage.end()
  }

  @Test func `signing waits for news, five minutes, or many entries`() async throws {
    let stage = try Stage()
    let first = try Int64(stage.auditTypes().count)
    await stage.portal.signWhatIsDue()
    #expect(try sizes(stage) == [first])
    try stage.append(1)
    await stage.portal.signWhatIsDue()
    #expect(try sizes(stage) == [first])
    stage.clock.advance(ms: Portal.signWithinMs)
    await stage.portal.signWhatIsDue()
    await stage.portal.signWhatIsDue()
    #expect(try sizes(stage) == [first, first + 1])
    try stage.append(Int(Portal.unsignedMax))
    await stage.portal.signWhatIsDue()
    #expect(try sizes(stage) == [first, first + 1, first + 1 + Portal.unsignedMax])
    try await stage.end()
  }

  @Test func `an hour of silence is written down and signed`() async throws {
    let stage = try Stage()
    let before = try stage.auditTypes()
    await stage.portal.signWhatIsDue()
    stage.clock.advance(ms: Portal.quietMs)
    await stage.portal.signWhatIsDue()
    await stage.portal.signWhatIsDue()
    #expect(try stage.auditTypes() == before + ["log.quiet"])
    #expect(try sizes(stage) == [Int64(before.count), Int64(before.count) + 1])
    try await stage.end()
  }

  @Test func `a clock that was set back does not take the log back`() async throws {
    let stage = try Stage()
    stage.clock.advance(ms: -Span.hour)
    try stage.append(2)
    let times = try stage.portal.storage.readNow {
      try Int64.fetchAll($0, sql: "SELECT at FROM audit ORDER BY seq")
    }
    #expect(times == times.sorted())
    try await stage.end()
  }

  @Test func `a clock that somebody took for right sets the log's time, for both verifiers`()
    async throws
  {
    let stage = try Stage()
    stage.clock.advance(ms: -Span.hour)
    try stage.portal.storage.writeNow { try TimeFloor.accept(stage.clock.now, in: $0) }
    try stage.append(1)
    let head = try stage.portal.storage.readNow { try AuditStore.head(in: $0) }
    #expect(head.at == stage.clock.now)
    #expect(try stage.portal.storage.readNow { try TimeFloor.read(in: $0) } == stage.clock.now)
    #expect(try Verifiers.verdict(on: stage.database).exitCode == 2)
    try await stage.end()
  }

  @Test(arguments: [
    "DELETE FROM audit WHERE seq > 3",
    """
    UPDATE checkpoints
    SET note = replace(note, char(10) || size || char(10), char(10) || (size - 1) || char(10))
    """,
    "UPDATE checkpoints SET frontier = zeroblob(length(frontier))",
    "UPDATE checkpoints SET note = 'nonsense'", "UPDATE checkpoints SET size = size + 1",
    "UPDATE checkpoints SET size = size - 1", "UPDATE checkpoints SET note = note || 'x'",
  ])
  func `a cut log and a changed checkpoint are found`(sql: String) async throws {
    let stage = try Stage()
    try stage.append(3)
    try await stage.portal.close()
    try await DatabaseQueue(path: stage.database).write { db in
      for name in ["audit_kept", "checkpoints_immutable"] {
        try db.execute(sql: "DROP TRIGGER \(name)")
      }
      try db.execute(sql: sql)
    }
    let key = stage.portal.signer.publicKey.text
    #expect(try Verifiers.verdict(on: stage.database).exitCode == 1)
    #expect(try Verifiers.verdict(on: stage.database, key: key).exitCode == 1)
  }

  @Test func `a checkpoint by another key, and another log with its own key, are found`()
    async throws
  {
    let stage = try Stage()
    try await stage.portal.close()
    let other = try Stage()
    try await other.portal.close()
    let noted = other.portal.signer.publicKey.text
    #expect(try Verifiers.verdict(on: stage.database, key: noted).exitCode == 1)
    let name = stage.portal.signer.publicKey.name
    let seed = Secret(bytes: [UInt8](repeating: 9, count: 32))
    let stranger = NoteSigner(name: name, key: try SigningKey(seed: seed))
    try await DatabaseQueue(path: stage.database).write { db in
      let kept = try String.fetchOne(db, sql: "SELECT note FROM checkpoints")
      let note = try #require(kept.flatMap(SignedNote.init(whole:)))
      try db.execute(sql: "DROP TRIGGER checkpoints_immutable")
      try db.execute(
        sql: "UPDATE checkpoints SET note = ?",
        arguments: [try SignedNote(note.text, signedBy: [stranger]).whole])
    }
    let verdict = try Verifiers.verdict(on: stage.database)
    #expect(verdict.sentence.contains("not signed with the log's key"))
  }
}

/// One key after the other.
@Suite struct KeyRotationTests {
  /// A log whose key was replaced, with the old and the new public key.
  private func rotated(isLost: Bool) async throws -> (path: String, old: String, new: String) {
    let stage = try Stage()
    try await stage.portal.close()
    let file = stage.portal.configuration.auditKeyFile
    if isLost { try FileManager.default.removeItem(atPath: file) }
    let storage = try DataFolder.open(stage.portal.configuration)
    let new = try LogKey.rotate(file, isLost: isLost, in: storage, outside: stage.portal.outside)
    try storage.close()
    let again = try Stage(folder: stage.folder, clock: stage.clock)
    #expect(again.portal.signer.publicKey == new)
    try await again.portal.close()
    return (stage.database, stage.portal.signer.publicKey.text, new.text)
  }

  @Test func `the old key speaks for the new one`() async throws {
    let (path, old, new) = try await rotated(isLost: false)
    #expect(old != new)
    #expect(try Verifiers.verdict(on: path, key: old).exitCode == 0)
    #expect(try Verifiers.verdict(on: path, key: new).exitCode == 0)
  }

  @Test func `nothing speaks for the key that follows a lost one`() async throws {
    let (path, old, new) = try await rotated(isLost: true)
    #expect(try Verifiers.verdict(on: path, key: old).exitCode == 2)
    #expect(try Verifiers.verdict(on: path, key: new).exitCode == 0)
  }

  @Test func `a long unsigned log is signed in steps, none before what names its key and line`()
    async throws
  {
    let stage = try Stage()
    try await stage.portal.close()
    let (file, outside) = (stage.portal.configuration.auditKeyFile, stage.portal.outside)
    let storage = try DataFolder.open(stage.portal.configuration)
    let signed = try storage.readNow { try CheckpointStore.last(in: $0)?.size } ?? 0
    func append(_ events: [AuditEvent]) throws {
      for event in events {
        try storage.writeNow { try AuditLog.append(event, by: .portal, at: outside.now(), in: $0) }
      }
    }
    try append([.logQuiet, .logQuiet, .logQuiet])
    let new = try LogKey.rotate(file, isLost: false, in: storage, outside: outside)
    let gap = AuditEvent.gapAccepted(line: 1, kept: signed, lost: signed, why: "A test")
    try append([gap, .logQuiet, .logQuiet, .logQuiet])
    let signer = try LogKey.open(file, in: storage, outside: outside)
    var sizes: [Int64] = []
    while let next = try storage.writeNow({ db in
      let next = try CheckpointStore.next(signedBy: signer, adding: 2, at: outside.now(), in: db)
      if let next { try CheckpointStore.insert(next, in: db) }
      return next
    }) {
      sizes.append(next.size - signed)
    }
    try storage.close()
    #expect(sizes == [5, 7, 8])
    let verdict = try Verifiers.verdict(on: stage.database, key: new.text)
    #expect(verdict.exitCode == 0, "\(verdict.sentence)")
  }

  @Test func `a rotation cut short between log and file is ended by the next start`()
    async throws
  {
    let stage = try Stage()
    try await stage.portal.close()
    let file = stage.portal.configuration.auditKeyFile
    let old = try #require(FileManager.default.contents(atPath: file))
    let storage = try DataFolder.open(stage.portal.configuration)
    let new = try LogKey.rotate(file, isLost: false, in: storage, outside: stage.portal.outside)
    try storage.close()
    try FileManager.default.moveItem(atPath: file, toPath: file + ".new")
    #expect(
      FileManager.default.createFile(
        atPath: file, contents: old, attributes: [.posixPermissions: 0o400]))
    let again = try Stage(folder: stage.folder, clock: stage.clock)
    #expect(again.portal.signer.publicKey == new)
    try await again.end()
  }

  @Test func `no key is replaced while a portal works`() async throws {
    let stage = try Stage()
    #expect(throws: StorageProblem.self) { try DataFolder.open(stage.portal.configuration) }
    try await stage.end()
  }
}
