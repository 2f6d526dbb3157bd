import Rules

/// Entries as events of the Open Cybersecurity Schema Framework, one JSON object a line, for
/// systems that gather security events.
struct AuditOCSF {
  /// The version of the schema that the events keep to.
  static let schemaVersion = "1.2.0"

  let logID: String
  let people: [Person]

  func file(_ entries: [AuditEntry]) -> [UInt8] {
    entries.flatMap { Canonical.object(event($0)).bytes + [UInt8(ascii: "\n")] }
  }

  /// One entry as an event.
  func event(_ entry: AuditEntry) -> [String: Canonical] {
    let kind = Kind(entry)
    let outcome = AuditOutcome(type: entry.type, data: entry.data)
    var event: [String: Canonical] = [
      "class_uid": .integer(kind.classUID), "category_uid": .integer(kind.classUID / 1_000),
      "activity_id": .integer(kind.activity),
      "type_uid": .integer(kind.classUID * 100 + kind.activity),
      "time": .integer(entry.at.ms), "severity_id": .integer(severity(of: entry, outcome)),
      "status_id": .integer(outcome == .good ? 1 : outcome == .unknown ? 0 : 2),
      "message": .string("\(entry.actorName(among: people)) \(entry.sentence(among: people))"),
      "metadata": metadata(of: entry), "actor": actor(of: entry), "unmapped": entry.data,
    ]
    if kind.activity == Kind.other { event["activity_name"] = .string(entry.type) }
    event["status_detail"] = entry.data["why"]
    switch kind.classUID {
    case Kind.api:
      let operation = entry.data["call"] ?? .string(entry.type)
      event["api"] = .object(["operation": operation, "service": Self.portal])
      event["src_endpoint"] = .object(["svc_name": .string("Caretaker")])
    case Kind.authentication:
      event["service"] = Self.portal
      event["user"] = user(entry.data["about"]?.number ?? entry.personID)
    default:
      event["user"] = user(entry.data["about"]?.number)
      event["privileges"] = entry.data["role"].map { .array([$0]) }
    }
    return event
  }

  private static let portal = Canonical.object(["name": .string("Caretaker")])

  private func metadata(of entry: AuditEntry) -> Canonical {
    .object([
      "version": .string(Self.schemaVersion), "uid": .string("\(logID):\(entry.seq)"),
      "sequence": .integer(entry.seq), "log_name": .string("audit"),
      "event_code": .string(entry.type),
      "product": .object([
        "name": .string("Caretaker"), "vendor_name": .string("Caretaker"),
        "version": .string(Portal.version),
      ]),
    ])
  }

  private func actor(of entry: AuditEntry) -> Canonical {
    entry.personID.map { .object(["user": user($0)]) }
      ?? .object(["app_name": .string(entry.actorName(among: people))])
  }

  private func user(_ id: Int64?) -> Canonical {
    let name = id.map(people.name) ?? "unknown"
    var user: [String: Canonical] = ["name": .string(name), "type_id": .integer(1)]
    user["uid"] = id.map { .string(String($0)) }
    return .object(user)
  }

  /// 1 informational, 2 low, 3 medium, 4 high.
  private func severity(of entry: AuditEntry, _ outcome: AuditOutcome) -> Int64 {
    if entry.type == "emergency.declared" || entry.data["verdict"]?.text == "incident" { return 4 }
    return switch outcome {
    case .good: 1
    case .refused: 2
    case .failed: 3
    case .unknown: 4
    }
  }
}

extension AuditOCSF {
  /// The class of an event and the activity within it.
  struct Kind: Equatable {
    static let accountChange: Int64 = 3001
    static let authentication: Int64 = 3002
    static let userAccess: Int64 = 3005
    static let api: Int64 = 6003
    static let other: Int64 = 99

    let classUID: Int64
    let activity: Int64

    init(_ entry: AuditEntry) {
      (classUID, activity) =
        switch entry.type {
        case "session.started", "session.refused": (Self.authentication, 1)
        case "session.ended", "session.closed": (Self.authentication, 2)
        case "person.added": (Self.accountChange, 1)
        case "person.enabled": (Self.accountChange, 2)
        case "person.password_chosen": (Self.accountChange, 3)
        case "person.password_reset": (Self.accountChange, 4)
        case "person.disabled": (Self.accountChange, 5)
        case "person.erased": (Self.accountChange, 6)
        case "person.role_changed": (Self.userAccess, 1)
        case _ where entry.type.hasPrefix("person."): (Self.accountChange, Self.other)
        case "access.refused":
          (Self.api, entry.data["route"]?.text?.hasPrefix("GET ") == true ? 2 : 3)
        default: (Self.api, Self.activity(of: entry.type))
        }
    }

    /// Create, read, update or delete, by the verb of the type.
    private static func activity(of type: String) -> Int64 {
      switch type.split(separator: ".").last {
      case "proposed", "made", "opened", "set", "declared", "signed", "disposed": 1
      case "exported": 2
      case "dropped", "lifted": 4
      case "started" where type == "portal.started": other
      default: 3
      }
    }
  }
}
