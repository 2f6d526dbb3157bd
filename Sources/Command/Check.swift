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
    func show(_ result: SiteCheck.Result, indent: String = "") {
      print("\(indent)\(result.isGood ? "ok  " : "FAIL")  \(result.what): \(result.sentence)")
      isGood = isGood && result.isGood
    }
    for site in setting.configuration.sites {
      print("\(site.name): stack \(site.stack) in \(site.region)")
      for result in await SiteCheck(site, world: setting.world).results() {
        show(result, indent: "  ")
      }
    }
    if let check = OpenIDCheck(setting.configuration, world: setting.world) {
      show(await check.result())
    }
    if let check = CertificateCheck(setting.configuration, world: setting.world) {
      show(check.result())
    }
    setting.world.close()
    if !isGood { throw ExitCode.failure }
  }
}
