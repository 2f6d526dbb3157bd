import ArgumentParser
import Foundation
import Portal

/// `caretaker backup`: the portal itself, into one file.
struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Back up the database and the themes, also while the portal works.",
    discussion: """
      It counts only once the copy was read whole and its log was proven. Keys are not in it: keep \
      copies of them elsewhere.
      """)

  @OptionGroup var config: ConfigurationOption
  @Option(help: "A folder, or s3://BUCKET/PREFIX.")
  var to: String
  @Option(help: "The file of the key that seals it, 64 hexadecimal digits.")
  var keyFile: String?

  func run() async throws {
    let setting = try Setting(config)
    defer { setting.world.close() }
    let (backups, made) = try await ProgressLine.watching { work in
      let backups = OwnBackups(setting.configuration, world: setting.world, work: work)
      return (backups, try await backups.make(to: to, keyFile: keyFile))
    }
    print("Backed up \(made.entries) entries: \(made.place), \(made.bytes) bytes.")
    // The backup is good whether or not it can be noted.
    do {
      try await CommandLease.check(setting.configuration, world: setting.world)
      if try !backups.note(made) { Self.warn("The database is of another version.") }
    } catch {
      Self.warn("\(Portal.inWords(error))")
    }
  }

  private static func warn(_ why: String) {
    FileHandle.standardError.tell("The page Backups does not tell of this backup. \(why)\n")
  }
}

/// `caretaker restore`: a backup, into a new data folder or, to try it, into none.
struct Restore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a backup into a new folder, and prove it; or try whether that works.",
    discussion: """
      Every file's digest, the whole database and the whole log are checked. Nothing is left in \
      the folder when anything is wrong. With --drill the backup is unpacked beside the data, \
      proven and thrown away, also while the portal works, and the log says how it went.
      """)

  @OptionGroup var writing: WritingOption
  @Argument(help: "The backup's file, or s3://BUCKET/KEY.")
  var backup: String
  @Option(help: "The new data folder.")
  var data: String?
  @Flag(help: "Only try it, and throw away what came back.")
  var drill = false
  @Option(help: "The file of the key that it was sealed with.")
  var keyFile: String?
  @Option(help: "A folder of anchors, as copied from their bucket, that its log is held against.")
  var anchors: String?

  func validate() throws {
    guard drill == (data == nil) else {
      throw ValidationError("Name the new data folder with --data, or try it with --drill.")
    }
  }

  func run() async throws {
    // The log of this installation is written by a drill alone.
    let setting = drill ? try await Setting(writing) : try Setting(writing.config)
    defer { setting.world.close() }
    let sentences = try await ProgressLine.watching { work in
      let backups = OwnBackups(setting.configuration, world: setting.world, work: work)
      guard let data else {
        return try await backups.drill(backup, keyFile: keyFile, anchors: anchors)
      }
      return try await backups.restore(backup, into: data, keyFile: keyFile, anchors: anchors)
    }
    for sentence in sentences { print(sentence) }
  }
}
