import ArgumentParser
import Foundation
import Logging
import Portal
import ServiceLifecycle
import UnixSignals

/// `caretaker lease`: by which one of several portals works.
struct LeaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lease", abstract: "The lease by which one of several portals works.",
    subcommands: [WaitForLease.self])
}

/// `caretaker lease wait`: stands by until the lease is taken, and leaves it to `caretaker serve`.
struct WaitForLease: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Stand by until this machine has the lease, and leave it to the next serve.",
    discussion: """
      Every page is answered with 503 meanwhile. A database here that is not the newest is put \
      aside, so that the newest can be brought back in its place; the others wait a quarter of an \
      hour for that. Without lease in the configuration it ends at once.
      """)

  @OptionGroup var config: ConfigurationOption

  func run() async throws {
    let setting = try Setting(config)
    defer { setting.world.close() }
    guard let keeper = try LeaseKeeper(setting.configuration, world: setting.world) else { return }
    guard try await keeper.standBy(setting, selfSignedFor: nil) else { throw ExitCode.failure }
    if try await keeper.handOver() {
      print("This machine has the lease. Its database is not the newest: bring that back.")
    }
  }
}

extension LeaseKeeper {
  /// Stands by until this process holds the lease, or it is told to stop.
  /// - Returns: whether it holds it.
  func standBy(_ setting: Setting, selfSignedFor hosts: [String]?) async throws -> Bool {
    let page = try StandBy(
      setting.configuration, world: setting.world, for: self, selfSignedFor: hosts)
    let waiting = Waiting(keeper: self, page: page)
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(service: waiting, successTerminationBehavior: .gracefullyShutdownGroup)
        ], gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "caretaker")))
    try await group.run()
    return isHeld
  }

  /// Standing by as a service.
  private struct Waiting: Named {
    static let name = "stand-by"
    let keeper: LeaseKeeper
    let page: StandBy

    func run() async throws {
      do {
        try await cancelWhenGracefulShutdown {
          if try await keeper.isFree() { return }
          try await page.answer { try await keeper.take() }
        }
      } catch is CancellationError {}
    }
  }
}
