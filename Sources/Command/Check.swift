import ArgumentParser
import Portal

/// `caretaker check`: whether everything the portal needs is there, one line each.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check configuration, credentials and the stack; say what is missing.")

  @OptionGroup var config: ConfigurationOption

  func run() async throws {
    let setting = try Setting(config)
    var isGood = true
    for site in setting.configuration.sites {
      print("\(site.name): stack \(site.stack) in \(site.region)")
      for result in await SiteCheck(site, world: setting.world).results() {
        print("  \(result.isGood ? "ok  " : "FAIL")  \(result.what): \(result.sentence)")
        isGood = isGood && result.isGood
      }
    }
    if let check = OpenIDCheck(setting.configuration, world: setting.world) {
      let result = await check.result()
      print("\(result.isGood ? "ok  " : "FAIL")  \(result.what): \(result.sentence)")
      isGood = isGood && result.isGood
    }
    setting.world.close()
    if !isGood { throw ExitCode.failure }
  }
}
