extension AccessPolicy {
  /// The most characters of a session policy (AssumeRole, AWS STS API Reference).
  public static let sessionCharactersMax = 2_048

  /// What the run of one plan may do: the calls of its steps on AWS, on the resources they name.
  /// - Returns: nil where no step calls AWS.
  /// - Throws: ``UnknownCall`` for a call without a row in the table, which is never allowed.
  public static func session(
    for plan: Plan, at place: AccessPlace
  ) throws(UnknownCall) -> AccessPolicy? {
    var grants: [CallAccess.Grant] = []
    for step in plan.steps where !Step.servicesElsewhere.contains(step.service) {
      let call = "\(step.service):\(step.operation)"
      guard let access = CallAccess.all[call] else { throw UnknownCall(call: call) }
      grants += access.grants(Called(step: step, plan: plan, place: place))
    }
    return grants.isEmpty ? nil : AccessPolicy(statements(grants))
  }

  /// One action once, with all its resources; actions on the same resources together.
  private static func statements(_ grants: [CallAccess.Grant]) -> [Statement] {
    struct Key: Hashable {
      let resources: [String]
      let condition: [String: [String: String]]?
    }
    struct ActionKey: Hashable {
      let action: String
      let condition: [String: [String: String]]?
    }
    let resources = Dictionary(
      grouping: grants, by: { ActionKey(action: $0.action, condition: $0.condition) }
    ).mapValues { Set($0.flatMap(\.resources)).sorted() }
    let actions = Dictionary(
      grouping: resources, by: { Key(resources: $0.value, condition: $0.key.condition) })
    return actions.map { key, members in
      Statement(
        actions: members.map(\.key.action).sorted(), resources: key.resources,
        condition: key.condition)
    }.sorted { $0.actions.joined(separator: " ") < $1.actions.joined(separator: " ") }
  }

  /// The same with what the resources of each statement begin with in their place: for a plan with
  /// more of them than a session policy has room for.
  public var shortened: AccessPolicy {
    AccessPolicy(
      statements.map { statement in
        var short = statement
        let resources = statement.resources ?? []
        guard resources.count > 1, let first = resources.first else { return statement }
        let prefix = resources.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        // The account stands before the fifth colon: the prefix never leaves it, nor the bucket.
        let parts = prefix.split(separator: ":", omittingEmptySubsequences: false)
        let isWithin = parts.count > 5 && (parts[2] != "s3" || parts[5].contains("/"))
        if isWithin, !prefix.hasSuffix(":") { short.resources = [prefix.closed + "*"] }
        return short
      })
  }
}

/// A call that no row of the table allows.
public struct UnknownCall: Error, Hashable {
  /// `ecs:DeleteCluster`.
  public let call: String
}

extension Step {
  /// Services that are not AWS's: nothing of theirs is allowed by IAM.
  public static let servicesElsewhere: Set = [ownService, "github", "ghost"]
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }

  /// Without the half of a `${*}` at its end.
  fileprivate var closed: String {
    guard let dollar = lastIndex(of: "$"), !self[dollar...].contains("}") else { return self }
    return String(self[..<dollar])
  }
}
