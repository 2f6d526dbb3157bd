import AWS
import Foundation
import Rules

/// The policies that Caretaker's roles in AWS need, and no more.
public struct IAMPolicies: Sendable {
  /// Where Caretaker runs, and so who may take on its role.
  public enum Machine: String, CaseIterable, Sendable {
    case ec2
    case ecs

    var service: String { self == .ec2 ? "ec2.amazonaws.com" : "ecs-tasks.amazonaws.com" }
  }

  /// Both roles of a site.
  struct Roles: Codable {
    struct Role: Codable {
      let trust: AccessPolicy
      let policy: AccessPolicy
    }
    /// Reads, and takes on the other.
    let standingRole: Role
    /// What every change together may do; a session of it may do what one plan says.
    let runRole: Role

    enum CodingKeys: String, CodingKey {
      case standingRole = "standing_role"
      case runRole = "run_role"
    }
  }

  /// The run's role where the configuration names none yet.
  static let usualRunRole = "CaretakerRun"

  private let configuration: Configuration
  private let world: World

  /// Policies for what a configuration names.
  public init(_ configuration: Configuration, world: World) {
    self.configuration = configuration
    self.world = world
  }

  /// The roles of a site as JSON: the standing one, which only reads, and the one for runs.
  /// - Throws: an error whose description is a sentence.
  public func roles(of site: Site, on machine: Machine) async throws -> String {
    let place = try await place(of: site)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let roles = try Self.roles(of: site, at: place, configuration, on: machine)
    return String(decoding: try encoder.encode(roles), as: UTF8.self)
  }

  /// The policy of the session in which one approved change is run.
  /// - Throws: an error whose description is a sentence.
  public func session(of number: Int64) async throws -> String {
    let storage = try DataFolder.open(configuration, exclusive: false)
    defer { try? storage.close() }
    let change: Change
    do { change = try storage.readNow { try ChangeStore.find(number, in: $0) } } catch is Failure {
      throw StorageProblem("There is no CR-\(number).")
    }
    let state = change.state(at: world.outside.now())
    guard state == .approved || !state.isBeforeRun else {
      throw StorageProblem("CR-\(number) is not approved: \(state.words.lowercased()).")
    }
    guard let site = configuration.sites.first(where: { $0.name == change.plan.site }) else {
      throw StorageProblem("“\(change.plan.site)” is not in the configuration any more.")
    }
    let place = try await place(of: site)
    do {
      guard let policy = try RunSession.policy(for: change.plan, at: place) else {
        throw StorageProblem("CR-\(number) makes no call on AWS, so that it needs no policy.")
      }
      return policy
    } catch let problem as PlanProblem {
      throw StorageProblem(problem.sentence)
    }
  }

  /// The account, as the roles of the configuration name it; otherwise AWS says it.
  private func place(of site: Site) async throws -> AccessPlace {
    if let role = site.runRole ?? site.role.flatMap(RoleARN.init) {
      return AccessPlace(partition: role.partition, region: site.region, account: role.account)
    }
    let caller = try await caller(world.outside.cloud(site).sts)
    let partition = caller.arn.split(separator: ":").dropFirst().first.map(String.init)
    return AccessPlace(
      partition: partition ?? "aws", region: site.region, account: caller.account)
  }

  private func caller(_ sts: STS) async throws -> STS.Identity {
    do { return try await sts.getCallerIdentity() } catch { throw StorageProblem(error.sentence) }
  }

  /// The statements of the whole policy, by their names: `docs/role-policy.json` in the program.
  static func whole() throws -> [String: AccessPolicy.Statement] {
    let policy = try JSONDecoder().decode(
      AccessPolicy.self, from: Data(PackageResources.role_policy_json))
    return Dictionary(policy.statements.map { ($0.sid ?? "", $0) }) { first, _ in first }
  }

  static func roles(
    of site: Site, at place: AccessPlace, _ configuration: Configuration, on machine: Machine
  ) throws -> Roles {
    let whole = try whole()
    let root = "arn:\(place.partition):iam::\(place.account):"
    let runRole = site.runRole?.text ?? root + "role/" + usualRunRole
    var standing = [whole["ReadTheEstate"]]
    if site.usesCostExplorer { standing.append(whole["ReadWhatWasPaid"]) }
    if configuration.notices?.site == site.name { standing.append(whole["SendNotices"]) }
    if let anchor = configuration.anchor, anchor.site == site.name {
      var keep = whole["KeepAnchors"]
      keep?.resources = ["arn:\(place.partition):s3:::\(anchor.bucket)/\(anchor.prefix)/*"]
      standing.append(keep)
    }
    if let stream = configuration.stream, stream.site == site.name {
      var put = whole["StreamTheLog"]
      put?.resources = ["arn:\(place.partition):s3:::\(stream.bucket)/\(stream.prefix)/*"]
      standing.append(put)
    }
    if let lease = configuration.lease, site == configuration.sites.first {
      var keep = whole["KeepTheLease"]
      keep?.resources = ["arn:\(place.partition):s3:::\(lease.bucket)/\(lease.key)"]
      standing.append(keep)
    }
    let takeOn = ["sts:AssumeRole", "sts:SetSourceIdentity"]
    standing.append(.init(sid: "TakeOnTheRunRole", actions: takeOn, resources: [runRole]))
    let isInAccount =
      machine == .ecs ? ["StringEquals": ["aws:SourceAccount": place.account]] : nil
    return Roles(
      standingRole: .init(
        trust: AccessPolicy([
          .init(
            principal: ["Service": machine.service], actions: ["sts:AssumeRole"],
            condition: isInAccount)
        ]), policy: AccessPolicy(standing.compactMap { $0 })),
      runRole: .init(
        trust: AccessPolicy([
          .init(
            principal: ["AWS": site.role ?? root + "root"], actions: takeOn,
            condition: ["StringLike": ["sts:RoleSessionName": RunSession.namePrefix + "*"]])
        ]),
        policy: AccessPolicy(
          [whole["RunChanges"], whole["PassTheTasksRoles"]].compactMap { $0 })))
  }
}
