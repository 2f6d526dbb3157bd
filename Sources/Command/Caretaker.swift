import ArgumentParser
import Foundation
import Portal

/// The `caretaker` command.
@main
struct Caretaker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "caretaker",
    abstract: "The operations portal for Ghost on AWS.",
    version: Portal.version,
    subcommands: [Serve.self, Check.self, Status.self, User.self, Audit.self, Clock.self])

  /// Runs the command. Wrong usage ends with the status that verifiers of the log have for it, in
  /// place of `EX_USAGE`.
  static func main() async {
    do {
      var command = try await asyncParseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
      exit(withError: Audit.usage)
    }
  }
}

/// Where the configuration is.
struct ConfigurationOption: ParsableArguments {
  @Option(help: "The configuration file.")
  var config = "caretaker.yaml"
}
