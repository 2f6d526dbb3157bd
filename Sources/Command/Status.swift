import ArgumentParser
import Foundation
import Portal

/// `caretaker status`: how every site is, as last read; status 1 unless all is good.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say how every site is, as last read by the running portal.",
    discussion: "Ends with status 0 when every site is good, with 1 otherwise.")

  @OptionGroup var config: ConfigurationOption

  @Flag(help: "Print JSON, for scripts.")
  var json = false

  func run() throws {
    let setting = try Setting(config)
    defer { setting.world.close() }
    let sites = try SiteStatus.all(of: setting.configuration, world: setting.world)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(sites), as: UTF8.self))
    } else {
      for line in sites.flatMap(\.lines) { print(line) }
    }
    if !sites.allSatisfy(\.isGood) { throw ExitCode.failure }
  }
}
