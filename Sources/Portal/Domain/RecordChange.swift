import AWS
import Foundation
import Rules

extension ChangeKind {
  /// The records of one name and type in the site's zone.
  static let record = ChangeKind(
    id: "dns.record", label: "A DNS record",
    about:
      "Makes, changes or deletes the records of one name and type. Route 53 does it only if the "
      + "zone still says what the plan says. Deleting needs two other people.",
    subject: .zone,
    form: { _ in
      [
        FormField(
          "act", "What to do",
          .choice([("create", "Make new"), ("change", "Change"), ("delete", "Delete")])),
        FormField("name", "Name", .text, hint: "The whole name, bounce.example.com."),
        FormField("type", "Type", .choice(RecordChange.types.map { ($0, $0) })),
        FormField("ttl", "Seconds caches keep it", .number, value: "300"),
        FormField(
          "values", "Values", .area,
          hint: "One a line; texts in quotation marks. Not needed to delete."),
      ]
    },
    plan: { means, asked in
      let zone = try await means.ids(at: asked.site).zone
      async let named = means.cloud.route53.getHostedZone(zone)
      async let sets = means.cloud.route53.listResourceRecordSets(zone: zone)
      return try RecordChange(asked: asked, zone: try await named, sets: try await sets)
        .plan(for: asked)
    },
    read: { means, plan in
      let sets = try await means.cloud.route53.listResourceRecordSets(
        zone: plan.parameters["zone"] ?? "")
      let found = RecordChange.set(
        plan.parameters["name"] ?? "", plan.parameters["type"] ?? "", in: sets)
      return [RecordChange.field: RecordChange.words(found)]
    },
    perform: { means, _, step, _ in
      try await means.cloud.change(step)
    })
}

/// Plans a change of one record set: the old one is taken away by every value it has, and so only
/// while it is as it was.
struct RecordChange {
  static let field = "dns.records"
  /// What may be written; SOA and NS are the zone's own.
  static let types = ["A", "AAAA", "CAA", "CNAME", "MX", "SRV", "TXT"]
  static let ttlMax: Int64 = 604_800

  private let zone: Route53.Zone
  private let act: String
  private let before: Route53.RecordSet?
  private let after: Route53.RecordSet?
  private let name: String
  private let type: String

  init(asked: Asked, zone: Route53.Zone, sets: [Route53.RecordSet]) throws {
    self.zone = zone
    act = asked.field("act")
    name = asked.field("name").lowercased().trimmingCharacters(in: ["."])
    type = asked.field("type")
    before = Self.set(name, type, in: sets)
    let values = asked.field("values").split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    after =
      ["create", "change"].contains(act)
      ? Route53.RecordSet(name: name, type: type, ttl: Int64(asked.field("ttl")), values: values)
      : nil
    guard mistakes.isEmpty else { throw PlanProblem(mistakes) }
  }

  /// Everything that is not right with what is asked for.
  private var mistakes: [Mistake] {
    [
      after != nil || act == "delete"
        ? nil : Mistake("Choose what to do.", at: "act"),
      nameProblem.map { Mistake($0, at: "name") },
      isKnownType
        ? nil
        : Mistake(
          "Choose one of \(Self.types.joined(separator: ", ")): others are the zone's own.",
          at: "type"),
      after.map { (0...Self.ttlMax).contains($0.ttl ?? -1) } ?? true
        ? nil
        : Mistake("Write for how many seconds caches keep it, 0 to \(Self.ttlMax).", at: "ttl"),
      valuesProblem.map { Mistake($0, at: "values") },
    ].compactMap { $0 }
  }

  private var isKnownType: Bool { Self.types.contains(type) }

  private var nameProblem: String? {
    guard name == zone.name || name.hasSuffix("." + zone.name) else {
      return "“\(name)” is not in the zone \(zone.name). Write the whole name."
    }
    guard isKnownType else { return nil }
    if let before, before.alias != nil || before.saysMore || before.identifier != nil {
      return
        "\(name) \(type) is an alias, or one of several weighted sets. The stack's code has to "
        + "change it."
    }
    switch (act, before) {
    case ("create", .some): return "\(name) \(type) is there already. Change it instead."
    case ("change", nil), ("delete", nil): return "There is no \(name) \(type) in the zone."
    default: return nil
    }
  }

  private var valuesProblem: String? {
    guard let after else { return nil }
    if after.values.isEmpty { return "Write at least one value, one a line." }
    return type == "CNAME" && after.values.count > 1 ? "A CNAME has one value." : nil
  }

  func plan(for asked: Asked) throws -> Plan {
    guard Self.words(before) != Self.words(after) else {
      throw PlanProblem("\(name) \(type) says that already.", at: "values")
    }
    let isDeleted = after == nil
    return Plan(
      change: asked.change, kind: ChangeKind.record.id, site: asked.site.name,
      title: "\(verb) the record \(name) \(type)",
      guarding: isDeleted ? .irreversible : .guarded,
      parameters: ["zone": zone.id, "name": name, "type": type], locks: ["dns:\(zone.id)"],
      preconditions: [Reading(Self.field, "\(name) \(type)", Self.words(before))],
      steps: [
        Step(
          service: "route53", operation: "ChangeResourceRecordSets",
          words: "\(verb) \(name) \(type)", parameters: parameters, recovery: .compareAndSwap)
      ],
      expected: [Reading(Self.field, "\(name) \(type)", Self.words(after))], failure: [],
      verifyWithinMs: Setting.verifyWithinMs, effects: effects, cost: .none,
      typedName: isDeleted ? "\(name) \(type)" : "", inverse: inverse)
  }

  private var verb: String {
    switch act {
    case "create": "Make"
    case "change": "Change"
    default: "Delete"
    }
  }

  /// The old values and the new, exactly as the batch will hold them.
  private var parameters: [String: String] {
    var parameters = ["HostedZoneId": zone.id, "Name": name, "Type": type]
    for (side, set) in [("Delete", before), ("Create", after)] {
      guard let set else { continue }
      parameters["\(side).TTL"] = set.ttl.map(String.init) ?? ""
      parameters["\(side).Values"] = set.values.joined(separator: "\n")
    }
    return parameters
  }

  private var effects: [String] {
    var effects = ["Route 53 answers with it within a minute or so."]
    if let ttl = before?.ttl {
      effects.append(
        "Caches may go on with the old values for \(Span.words(ms: ttl * Span.second)).")
    }
    if before?.values.contains(where: { $0.contains("acm-validations.aws") }) == true {
      effects.append(
        "This record proves the domain to ACM: without it the certificate is not renewed, and the "
          + "site goes down when it ends.")
    }
    return effects + [Setting.driftNote]
  }

  private var inverse: Inverse {
    var form = ["name": name, "type": type]
    form["act"] = before == nil ? "delete" : after == nil ? "create" : "change"
    if let before {
      form["ttl"] = before.ttl.map(String.init) ?? "300"
      form["values"] = before.values.joined(separator: "\n")
    }
    return Inverse(kind: ChangeKind.record.id, form: form)
  }

  static func set(
    _ name: String, _ type: String, in sets: [Route53.RecordSet]
  ) -> Route53.RecordSet? {
    sets.first { $0.name == name && $0.type == type }
  }

  /// A record set as one text that tells it from any other.
  static func words(_ set: Route53.RecordSet?) -> String {
    guard let set else { return "none" }
    return "\(set.values.sorted().joined(separator: " ")), kept \(set.ttl ?? 0) s"
  }
}

extension Cloud {
  /// How long Route 53 may take until all its servers know of a change.
  private static let syncWithinS = 90
  private static let lookEveryS = 2

  /// Makes the batch of a step, and waits until every server of Route 53 knows it.
  fileprivate func change(_ step: Step) async throws -> String {
    func set(_ side: String) -> Route53.RecordSet? {
      guard let values = step.parameters["\(side).Values"] else { return nil }
      return Route53.RecordSet(
        name: step.parameters["Name"] ?? "", type: step.parameters["Type"] ?? "",
        ttl: step.parameters["\(side).TTL"].flatMap { Int64($0) },
        values: values.split(separator: "\n").map(String.init))
    }
    var change = try await route53.changeResourceRecordSets(
      zone: step.parameters["HostedZoneId"] ?? "",
      [set("Delete").map(Route53.Change.delete), set("Create").map(Route53.Change.create)]
        .compactMap { $0 })
    // The change is made; that a look at it fails says nothing against it.
    for _ in 0..<Self.syncWithinS / Self.lookEveryS where !change.isInSync {
      try? await Task.sleep(for: .seconds(Self.lookEveryS))
      change = (try? await route53.getChange(change.id)) ?? change
    }
    return change.isInSync
      ? "Every server of Route 53 answers with it." : "Route 53 took it, and is still spreading it."
  }
}
