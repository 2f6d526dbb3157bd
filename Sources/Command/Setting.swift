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
}
