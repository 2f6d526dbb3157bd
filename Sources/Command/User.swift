import ArgumentParser
import Foundation
import Portal

/// `caretaker user`: the people of the portal.
struct User: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user",
    abstract: "Add, list, disable, erase and link people, and give them new passwords.",
    subcommands: [
      Add.self, List.self, Disable.self, ResetPassword.self, RemoveFactor.self, Link.self,
      Unlink.self, Erase.self,
    ])
}

/// How a password comes in: by standard input, never as an argument that `ps` shows.
struct PasswordOption: ParsableArguments {
  @Flag(help: "Read the password from standard input; without it one is made and printed.")
  var passwordStdin = false

  /// The password, and whether it was made here and has to be shown.
  func password(from accounts: Accounts) throws -> (text: String, isNew: Bool) {
    guard passwordStdin else { return (try accounts.newPassword(), true) }
    guard let line = readLine(strippingNewline: true), !line.isEmpty else {
      throw ValidationError("Standard input holds no password.")
    }
    return (line, false)
  }
}

extension User {
  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add a person.")

    @OptionGroup var writing: WritingOption
    @Option(help: "The name typed at sign-in.") var login: String
    @Option(help: "The name others read.") var name: String
    @Option(help: "viewer, operator, approver, administrator or auditor.") var role: String
    @OptionGroup var password: PasswordOption

    func run() async throws {
      let accounts = try await User.accounts(writing)
      let (text, isNew) = try password.password(from: accounts)
      try accounts.add(login: login, name: name, role: role, password: text)
      print("Added \(login) as \(role)." + (isNew ? " Password: \(text)" : ""))
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List everybody.")

    @OptionGroup var config: ConfigurationOption

    func run() throws {
      for line in try User.accounts(config).lines() { print(line) }
    }
  }

  struct Disable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "disable", abstract: "Disable a person.")

    @OptionGroup var writing: WritingOption
    @Option(help: "The name typed at sign-in.") var login: String

    func run() async throws {
      try await User.accounts(writing).disable(login: login)
      print("Disabled \(login). Their sessions have ended.")
    }
  }

  struct ResetPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reset-password",
      abstract: "Give a person another password.")

    @OptionGroup var writing: WritingOption
    @Option(help: "The name typed at sign-in.") var login: String
    @OptionGroup var password: PasswordOption

    func run() async throws {
      let accounts = try await User.accounts(writing)
      let (text, isNew) = try password.password(from: accounts)
      try accounts.resetPassword(login: login, password: text)
      print(
        "\(login) has a new password; their sessions have ended."
          + (isNew ? " Password: \(text)" : ""))
    }
  }

  struct RemoveFactor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove-factor",
      abstract: "Take away the second factor of somebody who has lost it.")

    @OptionGroup var writing: WritingOption
    @Option(help: "The name typed at sign-in.") var login: String

    func run() async throws {
      try await User.accounts(writing).removeFactor(login: login)
      print("\(login) signs in with the password alone; their sessions have ended.")
    }
  }

  struct Link: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "link",
      abstract: "Note that a person holds an account elsewhere.")

    @OptionGroup var writing: WritingOption
    @Option(help: "The name typed at sign-in.") var login: String
    @Option(help: "github:NAME, aws:ARN, mail:ADDRESS or openid:ISSUER#SUBJECT.") var account:
      String

    func run() async throws {
      try await User.accounts(writing).link(login: login, account: account)
      print("Linked \(account) to \(login). Whoever holds it too is the same person.")
    }
  }

  struct Unlink: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "unlink",
      abstract: "Note that a person does not hold an account elsewhere any more.")

    @OptionGroup var writing: WritingOption
    @Option(help: "The name typed at sign-in.") var login: String
    @Option(help: "The account as it was linked.") var account: String

    func run() async throws {
      try await User.accounts(writing).unlink(login: login, account: account)
      print("Took \(account) from \(login).")
    }
  }

  struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "erase",
      abstract: "Remove who a disabled person was; the log goes on naming a number.")

    @OptionGroup var writing: WritingOption
    @Option(help: "The name typed at sign-in.") var login: String

    func run() async throws {
      for line in try await User.accounts(writing).erase(login: login) { print(line) }
    }
  }

  /// The people of the configured data folder, to change them.
  static func accounts(_ writing: WritingOption) async throws -> Accounts {
    let setting = try await Setting(writing)
    return try Accounts(configuration: setting.configuration, world: setting.world)
  }

  /// The people of the configured data folder, to read.
  static func accounts(_ config: ConfigurationOption) throws -> Accounts {
    let setting = try Setting(config)
    return try Accounts(configuration: setting.configuration, world: setting.world)
  }
}
