import Cryptography
import Foundation
import GRDB
import HTTP
import HTTPTypes
import Rules
import Testing

@testable import Portal

/// The log as lines, and the evidence of one change.
@Suite struct LogExportTests {
  /// A closed portal's database in which two changes were proposed and one approved.
  private func database() async throws -> (path: String, key: String) {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    await stage.portal.signLog()
    try await Proposals.approve(number, on: stage)
    _ = try await Proposals.propose(on: stage)
    try await stage.portal.close()
    return (stage.database, stage.portal.signer.publicKey.text)
  }

  private func export(_ path: String, from: Int64 = 1, to: Int64? = nil) throws -> [String] {
    var lines: [String] = []
    try AuditExport(database: path, from: from, to: to, nowMs: 0).run {
      lines.append(String(decoding: $0, as: UTF8.self))
    }
    return lines
  }

  private func file(_ lines: [String]) throws -> String {
    let path = NSTemporaryDirectory() + "caretaker-export-\(UUID().uuidString)"
    try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func `an export is as sound as its database, and the log tells of it`() async throws {
    let (path, key) = try await database()
    let lines = try export(path)
    #expect(try Verifiers.verdict(on: try file(lines), key: key).exitCode == 0)
    #expect(try Verifiers.verdict(on: try file(lines)).exitCode == 2)
    let last = try await DatabaseQueue(path: path).read {
      try String.fetchOne($0, sql: "SELECT type FROM audit ORDER BY seq DESC LIMIT 1")
    }
    #expect(last == "log.exported")
    #expect(try Verifiers.verdict(on: path, key: key).exitCode == 2)
  }

  @Test(arguments: [(2, nil), (5, nil), (1, 4), (3, 3)] as [(Int64, Int64?)])
  func `a part of the log is verified by itself`(from: Int64, to: Int64?) async throws {
    let (path, key) = try await database()
    let lines = try export(path, from: from, to: to)
    let verdict = try Verifiers.verdict(on: try file(lines), key: from > 2 ? key : nil)
    #expect(verdict.exitCode == (from > 2 && to == nil ? 0 : 2))
    if let to { #expect(verdict.sentence.contains("\(to) entries")) }
  }

  @Test(arguments: [(0, nil), (3, 2), (1, 10_000), (10_000, nil)] as [(Int64, Int64?)])
  func `entries that are not there are refused, and nothing is written`(
    from: Int64, to: Int64?
  ) async throws {
    let (path, _) = try await database()
    #expect(throws: StorageProblem.self) { try export(path, from: from, to: to) }
    let exports = try await DatabaseQueue(path: path).read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM audit WHERE type = 'log.exported'")
    }
    #expect(exports == 0)
  }

  @Test func `an entry that can't be read is an error, not a short file`() async throws {
    let (path, _) = try await database()
    try await DatabaseQueue(path: path).write { db in
      try db.execute(sql: "DROP TRIGGER audit_kept")
      try db.execute(sql: "DELETE FROM audit WHERE seq = 4")
    }
    #expect { try export(path) } throws: { "\($0)".contains("Entry 4 can't be read") }
  }

  @Test func `a line taken out, put in, exchanged, cut or changed is found by both`() async throws {
    let (path, key) = try await database()
    let lines = try export(path)
    let entries = lines.indices.filter { lines[$0].hasPrefix("{\"entry\"") }
    func status(_ lines: [String]) throws -> Int32 {
      let found = try file(lines)
      defer { try? FileManager.default.removeItem(atPath: found) }
      return try Verifiers.verdict(on: found, key: key).exitCode
    }
    for index in entries {
      var other = lines
      other.remove(at: index)
      #expect(try status(other) == 1)
      other = lines
      other.swapAt(index, index == entries[0] ? entries[1] : entries[0])
      #expect(try status(other) == 1)
      other = lines
      other.insert(lines[index], at: index)
      #expect(try status(other) == 1)
      other[index] = lines[index].replacing("\"at\":1", with: "\"at\":2")
      #expect(try status(other) == 1)
    }
    #expect(try status(lines.dropLast(2)) == 1)
    #expect(try status(lines + [lines[entries[0]]]) == 1)
    #expect(try status(lines + ["{}\n"]) == 1)
    #expect(try status(lines + ["nonsense\n"]) == 1)
  }

  @Test func `what is no log at all is wrong usage`() async throws {
    let (path, key) = try await database()
    for text in ["", "nonsense", "{}\n", "{\"export\":2}\n"] {
      let found = try file([text])
      #expect(throws: StorageProblem.self) { try AuditVerifier().verify(found) }
      #expect(try Verifiers.twin([found]).status == 3)
    }
    for wrong in ["nonsense", "+" + key, key.replacing("+", with: "++", maxReplacements: 1)] {
      #expect(throws: StorageProblem.self) { try AuditVerifier(key: wrong) }
      #expect(try Verifiers.twin([path, "--key", wrong]).status == 3)
    }
    #expect(try Verifiers.twin([]).status == 3)
    #expect(try Verifiers.twin([path, "--nonsense"]).status == 3)
    #expect(throws: StorageProblem.self) { try AuditVerifier().verify("/nowhere") }
    #expect(try Verifiers.twin(["/nowhere"]).status == 3)
  }

  /// The evidence of a change that was approved, as it is downloaded.
  private func pack() async throws -> (lines: [String], key: String) {
    let stage = try Stage()
    _ = try await Proposals.propose(on: stage)
    let number = try await Proposals.propose(on: stage)
    try await Proposals.approve(number, on: stage)
    let browser = try await stage.browser(as: "auditor")
    let response = await browser.get("/changes/\(number)/evidence")
    #expect(response.status == .ok)
    #expect(
      response.headers[.contentDisposition] == "attachment; filename=\"CR-2-evidence.jsonl\"")
    #expect(try stage.auditTypes().last == "log.exported")
    let key = stage.portal.signer.publicKey.text
    try await stage.end()
    return (response.text.split(separator: "\n").map { $0 + "\n" }, key)
  }

  @Test func `the evidence of a change proves itself`() async throws {
    let (lines, key) = try await pack()
    let path = try file(lines)
    #expect(try Verifiers.verdict(on: path, key: key, isPack: true).exitCode == 0)
    #expect(try Verifiers.verdict(on: path, isPack: true).exitCode == 2)
    let text = lines.joined()
    #expect(text.contains("\"plan\":{") && text.contains("\"vote\":{"))
    #expect(text.contains("change.approved"))
  }

  @Test func `no evidence is given where no checkpoint speaks for all of it`() async throws {
    let stage = try Stage()
    let number = try await Proposals.propose(on: stage)
    await stage.portal.signLog()
    // A log that is behind its anchor is not signed.
    try stage.portal.storage.writeNow { db in
      try AnchorStore.setComparison(
        behind: (AnchorMark(line: 0, size: 99), "Entries are missing."), boot: stage.portal.boot,
        at: stage.clock.now, in: db)
    }
    try await Proposals.approve(number, on: stage)
    let response = try await stage.browser(as: "auditor").get("/changes/\(number)/evidence")
    #expect(response.status == .serviceUnavailable)
    #expect(response.text.contains("No checkpoint of the log speaks for all of the change"))
    try await stage.end()
  }

  @Test func `evidence with anything changed is found by both`() async throws {
    let (lines, key) = try await pack()
    func status(_ lines: [String], key: String? = nil) throws -> Int32 {
      let found = try file(lines)
      defer { try? FileManager.default.removeItem(atPath: found) }
      return try Verifiers.verdict(on: found, key: key, isPack: true).exitCode
    }
    func changed(_ old: String, _ new: String) -> [String] {
      lines.map { $0.replacing(old, with: new) }
    }
    #expect(try status(changed("\"site\":\"blog\"", "\"site\":\"blob\"")) == 1)
    #expect(try status(changed("\"decision\":\"approve\"", "\"decision\":\"reject\"")) == 1)
    #expect(try status(changed("Sunday's", "Monday's")) == 1)
    #expect(try status(changed("\"change\":2", "\"change\":1")) == 1)
    let approval = try #require(lines.firstIndex { $0.contains("change.approved") })
    #expect(try status(Array(lines[..<approval]) + lines[(approval + 1)...]) == 1)
    let proposal = try #require(lines.firstIndex { $0.contains("change.proposed") })
    #expect(try status(Array(lines[..<proposal]) + lines[(proposal + 1)...]) == 4)
    for kind in ["plan", "vote", "step", "entry"] {
      guard let twice = lines.first(where: { $0.contains("\"\(kind)\":{") }) else {
        #expect(kind == "step")
        continue
      }
      #expect(try status(lines + [twice]) == 1, "a second \(kind)")
    }
    let other = try Stage()
    #expect(try status(lines, key: other.portal.signer.publicKey.text) == 1)
    #expect(try status(lines, key: key) == 0)
    try await other.end()
  }

  /// Some bytes, changed in one of the ways in which a file can be.
  private func mutant(
    of bytes: [UInt8], by random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    var mutant = bytes
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 1...200, using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: mutant[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: mutant.removeSubrange(place..<end)
    case 2: mutant.insert(contentsOf: bytes[place..<end], at: place)
    case 3: mutant.removeSubrange(place...)
    case 4: mutant[place] = UInt8(ascii: "0")
    default:
      var lines = bytes.split(separator: UInt8(ascii: "\n"))
      lines.swapAt(
        Int.random(in: lines.indices, using: &random),
        Int.random(in: lines.indices, using: &random))
      mutant = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    }
    return mutant
  }

  private func sortedLines(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// How many mutants of each file are tried.
  private static let mutants = 2_000

  @Test(arguments: [false, true])
  func `both verifiers find every mutant of an export and of evidence, and agree`(
    isPack: Bool
  ) async throws {
    let lines: [String]
    let key: String
    if isPack {
      (lines, key) = try await pack()
    } else {
      let (path, known) = try await database()
      (lines, key) = (try export(path), known)
    }
    let seed = UInt64.random(in: 0...(.max))
    var random = Dice(seed: seed)
    let bytes = Array(lines.joined().utf8)
    let folder = NSTemporaryDirectory() + "caretaker-mutants-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var paths: [String] = []
    while paths.count < Self.mutants {
      let mutant = mutant(of: bytes, by: &random)
      // A last line end less, or evidence in another order, says the same.
      guard mutant != bytes, mutant != bytes.dropLast(),
        !isPack || sortedLines(mutant) != sortedLines(bytes)
      else { continue }
      paths.append(folder + "/\(paths.count)")
      try Data(mutant).write(to: URL(fileURLWithPath: paths[paths.count - 1]))
    }
    let twins = try Verifiers.twin(onEach: paths, ["--key", key] + (isPack ? ["--pack"] : []))
    #expect(twins.count == paths.count)
    for (path, (status, said)) in zip(paths, twins) {
      let (own, entry) = Verifiers.status(on: path, key: key, isPack: isPack)
      let text = FileManager.default.contents(atPath: path).map {
        String(decoding: $0, as: UTF8.self)
      }
      #expect(own == status, "seed \(seed): \(said) \(text ?? "")")
      #expect(own != 0, "seed \(seed): \(said) \(text ?? "")")
      if let entry {
        #expect(said.contains("entry \(entry) "), "seed \(seed), entry \(entry): \(text ?? "")")
      }
    }
  }
}
