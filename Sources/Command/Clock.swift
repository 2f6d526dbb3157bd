import ArgumentParser
import Portal

/// `caretaker clock`: the machine's clock and the log.
struct Clock: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clock",
    abstract: "Settle a clock that was wrong.", subcommands: [Accept.self])
}

extension Clock {
  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "accept",
      abstract: "Say that the clock is right now, although the log is ahead of it.")

    @OptionGroup var writing: WritingOption

    func run() async throws {
      try await User.accounts(writing).acceptClock()
      print("The clock is taken for right. The log says so.")
    }
  }
}
