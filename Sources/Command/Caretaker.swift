import ArgumentParser
import Foundation
import Portal

/// The `caretaker` command.
@main
struct Caretaker: AsyncParsableCommand {
  // Each command says its name: those that do not are named by reflection, all at every start.
  static let configuration = CommandConfiguration(
    commandName: "caretaker",
    abstract: "The operations portal for Ghost on AWS.",
    version: Portal.version,
    subcommands: [
      Serve.self, Check.self, Status.self, User.self, Audit.self, Backup.self, Restore.self,
      Clock.self, LeaseCommand.self, TakeDiagnostics.self, IAMPolicy.self, Conformance.self,
    ])

  /// Runs the command. Wrong usage ends with the status that verifiers of the log have for it, in
  /// place of `EX_USAGE`.
  static func main() async {
    closeToOthers()
    do {
      var command = try await asyncParseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      end(EXIT_SUCCESS)
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: Portal.inWords(error))
      if !message.isEmpty {
        // Help that was asked for is an answer, not an error.
        let output = code.isSuccess ? FileHandle.standardOutput : FileHandle.standardError
        output.tell(message + "\n")
      }
      end((code == .validationFailure ? Audit.usage : code).rawValue)
    }
  }

  /// Keeps what this process holds and writes from others: no group, nobody else reads its files;
  /// its memory, where secrets stand, is in no dump and open to no debugger of the same user.
  private static func closeToOthers() {
    umask(0o077)
    var noCore = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCore)
    Dumps.forbid()
  }

  /// Ends the process without the libraries' own end: what OpenSSL and others free there may still
  /// be in use by threads that are about to end. Everything of ours is closed by now.
  private static func end(_ status: Int32) -> Never {
    fflush(nil)
    _exit(status)
  }
}

/// Where the configuration is.
struct ConfigurationOption: ParsableArguments {
  @Option(help: "The configuration file.")
  var config = "caretaker.yaml"
}
