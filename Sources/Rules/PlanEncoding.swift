extension Plan {
  /// The canonical bytes: what is stored, hashed, approved and run.
  public var bytes: [UInt8] { canonical.bytes }

  /// Reads a plan back from its bytes; nil unless they are canonical, complete and of this version.
  public init?(bytes: [UInt8]) {
    guard let value = Canonical(canonical: bytes), value["v"]?.number == Self.version,
      let change = value["change"]?.text, let kind = value["kind"]?.text,
      let site = value["site"]?.text, let title = value["title"]?.text,
      let guarding = value["guarding"]?.text.flatMap(Guarding.init),
      let parameters = value["parameters"]?.texts,
      let locks = value["locks"]?.list({ $0.text }),
      let preconditions = value["preconditions"]?.list(Reading.init(canonical:)),
      let steps = value["steps"]?.list(Step.init(canonical:)),
      let expected = value["expected"]?.list(Reading.init(canonical:)),
      let failure = value["failure"]?.list(Reading.init(canonical:)),
      let verifyWithinMs = value["verify_within_ms"]?.number,
      let effects = value["effects"]?.list({ $0.text }),
      let cost = value["cost"].flatMap(Cost.init(canonical:)),
      let restoresService = value["restores_service"]?.flag,
      let typedName = value["typed_name"]?.text,
      let terms = value["terms"].flatMap(Terms.init(canonical:))
    else { return nil }
    self.init(
      change: change, kind: kind, site: site, title: title, guarding: guarding,
      parameters: parameters, locks: locks, preconditions: preconditions, steps: steps,
      expected: expected, failure: failure, verifyWithinMs: verifyWithinMs, effects: effects,
      cost: cost, restoresService: restoresService, typedName: typedName,
      backup: value["backup"].flatMap(Backup.init(canonical:)),
      inverse: value["inverse"].flatMap(Inverse.init(canonical:)), terms: terms)
    // What people are shown is what was read: bytes that say anything more are no plan.
    guard self.bytes == bytes else { return nil }
  }

  private var canonical: Canonical {
    var members: [String: Canonical] = [
      "v": .integer(Self.version), "change": .string(change), "kind": .string(kind),
      "site": .string(site), "title": .string(title), "guarding": .string(guarding.rawValue),
      "parameters": .texts(parameters), "locks": .array(locks.map(Canonical.string)),
      "preconditions": .array(preconditions.map(\.canonical)),
      "steps": .array(steps.map(\.canonical)), "expected": .array(expected.map(\.canonical)),
      "failure": .array(failure.map(\.canonical)), "verify_within_ms": .integer(verifyWithinMs),
      "effects": .array(effects.map(Canonical.string)), "cost": cost.canonical,
      "restores_service": .boolean(restoresService), "typed_name": .string(typedName),
      "terms": terms.canonical,
    ]
    members["backup"] = backup?.canonical
    members["inverse"] = inverse?.canonical
    return .object(members)
  }
}

extension Reading {
  init?(canonical value: Canonical) {
    guard let field = value["field"]?.text, let label = value["label"]?.text,
      let text = value["value"]?.text
    else { return nil }
    self.init(field, label, text)
  }

  var canonical: Canonical {
    .object(["field": .string(field), "label": .string(label), "value": .string(value)])
  }
}

extension Step {
  init?(canonical value: Canonical) {
    guard let service = value["service"]?.text, let operation = value["operation"]?.text,
      let words = value["words"]?.text, let parameters = value["parameters"]?.texts,
      let recovery = value["recovery"]?.text.flatMap(Recovery.init)
    else { return nil }
    self.init(
      service: service, operation: operation, words: words, parameters: parameters,
      recovery: recovery)
  }

  var canonical: Canonical {
    .object([
      "service": .string(service), "operation": .string(operation), "words": .string(words),
      "parameters": .texts(parameters), "recovery": .string(recovery.rawValue),
    ])
  }
}

extension Terms {
  init?(canonical value: Canonical) {
    guard let revision = value["revision"]?.number, revision >= 1,
      let approvals = value["approvals"]?.number, approvals >= 0,
      let coolingOffMs = value["cooling_off_ms"]?.number, coolingOffMs >= 0
    else { return nil }
    self.init(
      revision: revision,
      requirement: Requirement(approvals: approvals, coolingOffMs: coolingOffMs),
      runAt: value["run_at"]?.number.map(Moment.init(ms:)))
  }

  /// A time that is not set is left out.
  var canonical: Canonical {
    var members: [String: Canonical] = [
      "revision": .integer(revision), "approvals": .integer(requirement.approvals),
      "cooling_off_ms": .integer(requirement.coolingOffMs),
    ]
    members["run_at"] = runAt.map { .integer($0.ms) }
    return .object(members)
  }
}

extension Backup {
  init?(canonical value: Canonical) {
    guard let words = value["words"]?.text, let ageMsMax = value["age_ms_max"]?.number else {
      return nil
    }
    self.init(words: words, ageMsMax: ageMsMax)
  }

  var canonical: Canonical {
    .object(["words": .string(words), "age_ms_max": .integer(ageMsMax)])
  }
}

extension Inverse {
  init?(canonical value: Canonical) {
    guard let kind = value["kind"]?.text, let form = value["form"]?.texts else { return nil }
    self.init(kind: kind, form: form)
  }

  var canonical: Canonical { .object(["kind": .string(kind), "form": .texts(form)]) }
}

extension Canonical {
  /// A list of which every element reads; nil otherwise.
  func list<Element>(_ read: (Canonical) -> Element?) -> [Element]? {
    guard let elements else { return nil }
    let read = elements.compactMap(read)
    return read.count == elements.count ? read : nil
  }

  /// Texts by name. Names of AWS parameters have capitals, which canonical keys do not, so they
  /// are kept as a list of pairs in the order of their names.
  static func texts(_ texts: [String: String]) -> Canonical {
    .array(
      texts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { name, value in
        .object(["name": .string(name), "value": .string(value)])
      })
  }

  var texts: [String: String]? {
    let pairs = list { pair in pair["name"]?.text.map { ($0, pair["value"]?.text ?? "") } }
    return pairs.flatMap { pairs in
      Set(pairs.map(\.0)).count == pairs.count ? Dictionary(uniqueKeysWithValues: pairs) : nil
    }
  }
}
