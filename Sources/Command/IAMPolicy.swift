import ArgumentParser
import Foundation
import Portal

/// `caretaker iam-policy`: what Caretaker's roles in AWS need, and no more.
struct IAMPolicy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iam-policy",
    abstract: "Print the policies of Caretaker's roles, or of one change's session, as JSON.",
    discussion: """
      Without --change: the standing role, which only reads, and the role for runs (run_role), \
      each with its trust policy. With --change: the policy of the session in which that change \
      runs.
      """)

  @OptionGroup var config: ConfigurationOption
  @Option(help: "The number of an approved change.") var change: Int64?
  @Option(help: "The site; the first unless told.") var site: String?
  @Option(help: "Where Caretaker runs: ec2 or ecs.") var runsOn = "ec2"

  func run() async throws {
    guard let machine = IAMPolicies.Machine(rawValue: runsOn) else {
      throw ValidationError("--runs-on is ec2 or ecs, not “\(runsOn)”.")
    }
    let setting = try Setting(config)
    defer { setting.world.close() }
    let policies = IAMPolicies(setting.configuration, world: setting.world)
    if let change { return print(try await policies.session(of: change)) }
    let sites = setting.configuration.sites
    guard let found = site.map({ name in sites.first { $0.name == name } }) ?? sites.first else {
      throw ValidationError("There is no site “\(site ?? "")”.")
    }
    print(try await policies.roles(of: found, on: machine))
    guard found.runRole == nil else { return }
    FileHandle.standardError.tell(
      """
      “\(found.name)” has no run_role yet: until it has, the standing role makes the changes and \
      needs docs/role-policy.json.

      """)
  }
}
