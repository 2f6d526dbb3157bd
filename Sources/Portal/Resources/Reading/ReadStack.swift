import AWS
import Foundation
import Rules

// What CloudFormation's answers mean as facts.

extension Cloud {
  /// The stack as a whole.
  func stackFacts() async throws -> StackFacts {
    async let described = cloudFormation.describeStack(site.stack)
    async let held = cloudFormation.listStackResources(site.stack)
    async let template = cloudFormation.getTemplate(site.stack, stage: .processed)
    let (stack, resources) = try await (described, held)
    let declared = StackTemplate(try await template)
    return StackFacts(
      name: site.stack, status: stack.status, reason: stack.statusReason ?? "",
      drift: stack.driftStatus, driftCheckedAt: stack.driftCheckedMs.map(Moment.init(ms:)),
      isProtected: stack.terminationProtection, updatedAt: stack.updatedMs.map(Moment.init(ms:)),
      resources: Int64(resources.count),
      logRetentionDays: declared?.logRetentionDays, templateImage: declared?.image)
  }

  /// Everything the stack holds.
  func stackEntries() async throws -> [StackEntry] {
    try await cloudFormation.listStackResources(site.stack).map {
      StackEntry(
        logicalID: $0.logicalID, type: $0.type, physicalID: $0.physicalID ?? "",
        status: $0.status)
    }
  }

  /// How old the last look for drift may be.
  static let driftAgeMsMax = Span.hour

  /// Has CloudFormation look for drift when it has not for a while. It changes nothing and takes
  /// minutes: a later poll sees what it found.
  func lookForDrift(unlessSince last: Moment?, at now: Moment) async throws {
    guard now.since(last ?? Moment(ms: 0)) > Self.driftAgeMsMax else { return }
    try await cloudFormation.detectStackDrift(site.stack)
  }
}

/// What a stack's template declares, where it is JSON, as CDK writes it.
struct StackTemplate {
  private let resources: [String: [String: Any]]

  init?(_ text: String) {
    guard
      let whole = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let resources = whole["Resources"] as? [String: [String: Any]]
    else { return nil }
    self.resources = resources
  }

  /// How many days the first log group keeps its lines; nil when it does not say.
  var logRetentionDays: Int64? {
    let group = resources.sorted { $0.key < $1.key }.first {
      $0.value["Type"] as? String == "AWS::Logs::LogGroup"
    }
    let properties = group?.value["Properties"] as? [String: Any]
    return (properties?["RetentionInDays"] as? Int).map(Int64.init)
  }

  /// The end of the name of Ghost's image, `ghost:latest`; nil when the template does not say. What
  /// it only refers to has no part in it.
  var image: String? {
    let definition = resources.sorted { $0.key < $1.key }.first {
      $0.value["Type"] as? String == "AWS::ECS::TaskDefinition"
    }
    let properties = definition?.value["Properties"] as? [String: Any]
    let containers = properties?["ContainerDefinitions"] as? [[String: Any]]
    guard let name = Self.text(containers?.first?["Image"]) else { return nil }
    return name.split(separator: "/").last.map(String.init)
  }

  /// The text of a value, also where functions put it together (“Intrinsic function reference”,
  /// CloudFormation User Guide).
  private static func text(_ value: Any?) -> String? {
    if let text = value as? String { return text }
    guard let function = value as? [String: Any] else { return nil }
    if let parts = function["Fn::Sub"] as? [Any] { return text(parts.first) }
    if let join = function["Fn::Join"] as? [Any], let parts = join.last as? [Any] {
      return parts.compactMap { $0 as? String }.joined()
    }
    return text(function["Fn::Sub"])
  }
}
