import ArgumentParser
import Portal

/// `caretaker backup`: the portal itself, into one file.
struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
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
    let made = try await OwnBackups(setting.configuration, world: setting.world)
      .make(to: to, keyFile: keyFile)
    print("Backed up \(made.entries) entries: \(made.place), \(made.bytes) bytes.")
  }
}

/// `caretaker restore`: a backup, into a new data folder.
struct Restore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put a backup into a new folder, and prove it.",
    discussion: """
      Every file's digest, the whole database and the whole log are checked. Nothing is left in \
      the folder when anything is wrong. Try it now and then, and write down that you did: \
      Backups, “Restores that were tried”.
      """)

  @OptionGroup var config: ConfigurationOption
  @Argument(help: "The backup's file, or s3://BUCKET/KEY.")
  var backup: String
  @Option(help: "The new data folder.")
  var data: String
  @Option(help: "The file of the key that it was sealed with.")
  var keyFile: String?
  @Option(help: "A folder of anchors, as copied from their bucket, that its log is held against.")
  var anchors: String?

  func run() async throws {
    let setting = try Setting(config)
    defer { setting.world.close() }
    let sentences = try await OwnBackups(setting.configuration, world: setting.world)
      .restore(backup, into: data, keyFile: keyFile, anchors: anchors)
    for sentence in sentences { print(sentence) }
  }
}
