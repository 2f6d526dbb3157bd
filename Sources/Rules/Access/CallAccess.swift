/// What IAM has to allow for one call that steps make: the actions, and on which resources (Service
/// Authorization Reference).
struct CallAccess: Sendable {
  /// One action on some resources.
  struct Grant: Hashable, Sendable {
    var action: String
    var resources: [String]
    var condition: [String: [String: String]]? = nil
  }

  /// What AWS asks for beside the action of the call.
  struct Beside: Sendable {
    let action: String
    var condition: [String: [String: String]]? = nil
    let resources: @Sendable (Called) -> [String]
  }

  /// The call as steps name it, `s3:CopyObject`.
  let call: String
  /// The action it is allowed by; most are named as the call.
  let action: String
  /// Why AWS knows no resource for it, where it is allowed on `*`.
  let why: String?
  let resources: @Sendable (Called) -> [String]
  let besides: [Beside]

  init(
    _ call: String, action: String? = nil, besides: [Beside] = [],
    on resources: @escaping @Sendable (Called) -> [String]
  ) {
    (self.call, self.action, why) = (call, action ?? call, nil)
    (self.besides, self.resources) = (besides, resources)
  }

  init(_ call: String, besides: [Beside] = [], onAllFor why: String) {
    (self.call, action, self.why) = (call, call, why)
    (self.besides, resources) = (besides, { _ in ["*"] })
  }

  /// What a step needs to be allowed.
  func grants(_ called: Called) -> [Grant] {
    [Grant(action: action, resources: resources(called))]
      + besides.map {
        Grant(action: $0.action, resources: $0.resources(called), condition: $0.condition)
      }
  }
}

/// One step's call, and where its resources are.
struct Called: Sendable {
  let step: Step
  let plan: Plan
  let place: AccessPlace

  /// A parameter as a part of an ARN: IAM's own signs in it stand for themselves.
  func value(_ name: String) -> String { Self.literal(step.parameters[name] ?? "") }

  /// The end of a name that may be an ARN or a path, `ghost` of `…/cluster/ghost`.
  func end(_ name: String) -> String {
    value(name).split(separator: "/").last.map(String.init) ?? ""
  }

  func arn(_ service: String, _ kind: String, _ name: String) -> String {
    place.arn(service, kind + value(name))
  }

  func bucket() -> String { place.global("s3", value("Bucket")) }
  func object() -> String { place.global("s3", value("Bucket") + "/" + value("Key")) }

  /// The stack, by its name or its ARN.
  func stack(_ name: String) -> String {
    name.hasPrefix("arn:") ? name : place.arn("cloudformation", "stack/\(name)/*")
  }

  /// What a lock with this prefix names.
  func locked(_ prefix: String) -> String {
    plan.locks.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) } ?? ""
  }

  /// A database that is made like another, with the groups it is given.
  func restored(_ names: (kind: String, parameter: String)...) -> [String] {
    names.map { arn("rds", $0.kind, $0.parameter) } + [
      arn("rds", "pg:", "DBParameterGroupName"), arn("rds", "subgrp:", "DBSubnetGroupName"),
      // The plan names no option group: RDS gives the source's.
      place.arn("rds", "og:*"),
    ]
  }

  /// `$`, `*` and `?` mean something in a policy ("IAM policy elements: Variables and tags").
  static func literal(_ text: String) -> String {
    text.reduce(into: "") { $0 += "$*?".contains($1) ? "${\($1)}" : String($1) }
  }
}
