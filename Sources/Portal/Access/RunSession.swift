import AWS
import Foundation
import Rules

/// The session in which the run of one change writes.
enum RunSession {
  /// What the sessions of runs are called in AWS, before the change's number.
  static let namePrefix = "caretaker-change-"

  /// The policy of a change's session, as STS takes it.
  /// - Returns: nil where no step calls AWS.
  /// - Throws: ``PlanProblem`` where there is none that allows all of it and no more.
  static func policy(for plan: Plan, at place: AccessPlace) throws -> String? {
    let policy: AccessPolicy?
    do throws(UnknownCall) {
      policy = try .session(for: plan, at: place)
    } catch {
      throw PlanProblem(
        "No policy of a session allows \(error.call): this version has no row for it.")
    }
    guard let policy else { return nil }
    for candidate in [policy, policy.shortened] {
      let text = try candidate.text()
      if text.count <= AccessPolicy.sessionCharactersMax { return text }
    }
    throw PlanProblem(
      "The change names more resources than the policy of a session has room for, "
        + "\(AccessPolicy.sessionCharactersMax) characters. Propose it in parts.")
  }
}

extension AccessPolicy {
  /// The policy as JSON, keys in order.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

extension Means {
  /// The means of one run. Where the site names a role for runs and the plan calls AWS, a session
  /// of it is begun, which may do what the plan says.
  func acting(for change: Change) async throws -> Means {
    let site = cloud.site
    guard let role = site.runRole else { return self }
    let place = AccessPlace(
      partition: role.partition, region: site.region, account: role.account)
    guard let policy = try RunSession.policy(for: change.plan, at: place) else { return self }
    var means = self
    means.cloud = try await cloud.acting(
      as: .run(
        role.text, sessionName: RunSession.namePrefix + String(change.number),
        for: change.requester.login, policy: policy))
    return means
  }
}
