import ArgumentParser
import Foundation
import Portal

/// `caretaker audit`: the log, without a portal.
struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Prove the audit log, take it away, replace the key that signs it.",
    subcommands: [Verify.self, Export.self, RotateKey.self])

  /// The status of wrong usage, and of what can't be read.
  static let usage = ExitCode(3)

  /// Why not all of an answer was written.
  struct Unwritten: Error, CustomStringConvertible {
    let why: any Error

    var description: String {
      "Standard output can't be written: \(why.localizedDescription) "
        + "What was written is not the whole of it."
    }
  }

  /// Runs work whose errors are sentences about one file, but for what it writes elsewhere.
  static func reading<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
    do { return try work() } catch let problem as Unwritten { throw problem } catch {
      FileHandle.standardError.tell("Can't read \(path): \(Portal.inWords(error))\n")
      throw usage
    }
  }
}

extension Audit {
  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Read the whole log, check every link and signature, and replay the rules.",
      discussion: """
        Exit status: 0 sound, and the key or the anchors vouch for the last entry; 1 an entry was \
        tampered with; 2 sound, but nothing outside the file vouches for its end; 3 wrong usage; \
        4 the log tells of a broken rule.
        """)

    @Argument(help: "The database, caretaker.sqlite in the data folder, an export, or a copy.")
    var path: String
    @Option(help: "The log's public key that you noted, or a file that holds it.")
    var key: String?
    @Option(help: "A folder of anchors, as copied from their bucket.")
    var anchors: String?
    @Flag(help: "The file is the evidence of one change.")
    var pack = false

    func run() async throws {
      let verdict = try await ProgressLine.watching { work in
        try Audit.reading(path) {
          let verifier = try AuditVerifier(key: key, anchors: anchors, work: work)
          return pack ? try verifier.verify(pack: path) : try verifier.verify(path)
        }
      }
      print(verdict.sentence)
      throw ExitCode(verdict.exitCode)
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: "Write entries as lines that can be verified. The log says that you did.",
      discussion: "Without status 0, what was written is not the whole of it.")

    @Argument(help: "The database, caretaker.sqlite in the data folder.")
    var database: String
    @Option(help: "The first entry.")
    var from: Int64 = 1
    @Option(help: "The last entry; the newest unless told.")
    var to: Int64?

    func run() async throws {
      try await ProgressLine.watching { work in
        try Audit.reading(database) {
          let nowMs = Int64(Date().timeIntervalSince1970 * 1_000)
          let export = try AuditExport(database: database, from: from, to: to, nowMs: nowMs)
          try export.run(telling: work) { line in
            do { try FileHandle.standardOutput.write(contentsOf: Data(line)) } catch {
              throw Audit.Unwritten(why: error)
            }
          }
        }
      }
    }
  }

  struct RotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rotate-key",
      abstract: "Replace the key that signs the log. Stop Caretaker first.",
      discussion: "The old key signs for the new one, unless it is lost; the log keeps which.")

    @OptionGroup var writing: WritingOption
    @Flag(help: "The old key is gone. Whoever noted it has to note the new one.")
    var lost = false

    func run() async throws {
      let setting = try await Setting(writing)
      defer { setting.world.close() }
      let key = try AuditKey.rotate(setting.configuration, world: setting.world, isLost: lost)
      print("The log is signed with a new key from now on. Note it elsewhere:\n\(key)")
    }
  }
}
