import ArgumentParser
import Portal
import Rules

/// `caretaker check`: whether the installation is safe and everything it needs is there, one line
/// each.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check whether the installation is safe, and whether everything it needs works.",
    discussion: """
      Ends with status 1 when anything is unsafe or does not work, with 0 otherwise. Changes \
      nothing, and may run beside the portal.
      """)

  @OptionGroup var config: ConfigurationOption
  @Flag(help: "Read every page of the database as well.")
  var readDatabase = false

  func run() async throws {
    let setting = try Setting(config)
    defer { setting.world.close() }
    let parts = await Checks(setting.configuration, world: setting.world)
      .parts(wholly: readDatabase)
    for part in parts {
      print(part.name)
      for check in part.checks { print(Self.lines(check)) }
    }
    if parts.flatMap(\.checks).contains(where: \.standing.isWrong) { throw ExitCode.failure }
  }

  private static func lines(_ check: SelfCheck) -> String {
    let line = "  \(check.standing.mark)  \(check.what): \(check.state)"
    let hasAdvice = check.standing != .good && !check.remedy.isEmpty
    return hasAdvice ? "\(line)\n          \(check.remedy)" : line
  }
}

extension SelfCheck.Standing {
  /// The standing in six columns.
  fileprivate var mark: String {
    switch self {
    case .good: "ok    "
    case .advised: "note  "
    case .absent: "absent"
    case .unknown: "?     "
    case .failed: "FAIL  "
    case .unsafe: "UNSAFE"
    }
  }
}
