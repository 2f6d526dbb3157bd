import ArgumentParser
import Foundation
import Portal

/// `caretaker diagnostics`: what who mends Caretaker needs to know, in one file.
struct TakeDiagnostics: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnostics",
    abstract: "Write what whoever mends Caretaker needs to know into one archive.",
    discussion: """
      It holds versions, what is configured, the checks, the schema, counts and sizes: no secret, \
      no name and no row of the database. What the running portal alone knows, its last lines of \
      log and its metrics, is in the archive of its page, Checks. The log says that it was taken.
      """)

  @OptionGroup var config: ConfigurationOption
  @Option(help: "The new file, FILE.zip.") var to: String

  func run() async throws {
    let setting = try Setting(config)
    defer { setting.world.close() }
    let why = try await Diagnostics(setting.configuration, world: setting.world).write(to: to)
    print("Wrote \(to). Read it before you hand it on.")
    guard let why else { return }
    FileHandle.standardError.tell("The log does not tell of it. \(why)\n")
  }
}
