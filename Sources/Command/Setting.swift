import ArgumentParser
import Foundation
import Portal

/// What every command starts from: the configuration and the world outside.
struct Setting {
  let configuration: Configuration
  let world: World

  init(_ option: ConfigurationOption) throws {
    let environment = ProcessInfo.processInfo.environment
    configuration = try Configuration.load(file: option.config, environment: environment)
    world = World(sites: configuration.sites, environment: environment)
  }

  /// For a command that writes the database: refused where another machine works.
  init(_ writing: WritingOption) async throws {
    try self.init(writing.config)
    do {
      try await CommandLease.check(
        configuration, world: world, isUnreachable: writing.leaseUnreachable)
    } catch {
      world.close()
      throw error
    }
  }
}

/// What a command is told that writes the database.
struct WritingOption: ParsableArguments {
  @OptionGroup var config: ConfigurationOption
  @Flag(help: "Go on where the lease can't be read: you know that no portal works elsewhere.")
  var leaseUnreachable = false
}
