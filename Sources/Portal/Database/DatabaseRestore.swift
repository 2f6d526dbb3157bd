import AWS
import Rules

extension ChangeKind {
  /// A backup of the database restored beside it.
  static let databaseRestore = ChangeKind(
    id: "rds.restore", label: "Restore to a new database",
    about: "RDS restores a backup to a new database beside the old one, which goes on untouched. "
      + "Ghost uses the new one only after you cut over; the preview says how.",
    subject: .backups, form: DatabaseRestore.form,
    plan: { means, asked in
      let database = try await means.ids(at: asked.site).database
      var mistakes: [Mistake] = []
      let origin = try await mistakes.noting {
        try await DatabaseRestore.origin(for: asked, of: database, in: means.cloud)
      }
      let target = try await mistakes.noting {
        try await NewDatabase.checked(asked.field("id"), in: means.cloud)
      }
      guard let origin, let target else { throw PlanProblem(mistakes) }
      let source = try await means.cloud.rds.describeDBInstance(id: database)
      return DatabaseRestore.plan(
        asked, source: source, database: database, origin: origin, target: target,
        cost: try await DatabaseRestore.cost(of: source, origin, with: means))
    },
    read: { means, plan in try await DatabaseRestore.fields(of: plan, in: means.cloud) },
    price: { means, plan in
      let source = try await means.cloud.rds.describeDBInstance(
        id: plan.parameters["database"] ?? "")
      return try await DatabaseRestore.cost(
        of: source, try await DatabaseRestore.origin(of: plan, in: means.cloud), with: means)
    },
    perform: { means, _, step, _ in try await means.cloud.restore(step) })
}

/// Plans a restore of a backup to a new instance.
enum DatabaseRestore {
  private static let originField = "restore.origin"
  private static let networkField = "db.network"

  /// The snapshots there are, and the moments between.
  static func form(_ estate: Estate) -> [FormField] {
    let backups = estate[BackupFacts.self].facts
    let snapshots = (backups?.snapshots ?? []).filter { $0.status == "available" }.map {
      (value: RestoreOrigin.from(snapshot: $0.id), label: "\($0.id), \($0.madeAt.local)")
    }
    let window = backups?.restorableFrom.map {
      "Between \($0.words) and \(backups?.restorableTo?.words ?? ""), "
    }
    return [
      FormField(
        "from", "What to restore",
        .choice(
          [
            (value: "latest", label: "The latest moment"),
            (value: "moment", label: "A moment, named below"),
          ] + snapshots)),
      FormField(
        "at", "The moment, where it is one", .text,
        hint: (window ?? "") + "as 2026-11-24T10:05, in UTC."),
      FormField(
        "id", "Name of the new database", .text,
        hint: "Letters, digits and hyphens, such as ghost-restored."),
    ]
  }

  /// What a form asks to restore, which RDS can.
  static func origin(
    for asked: Asked, of database: String, in cloud: Cloud
  ) async throws -> RestoreOrigin {
    let origin = try await RestoreOrigin(
      asked.field("from"), at: asked.field("at"), of: database, in: cloud)
    let state = try await origin.state(of: database, in: cloud)
    guard state == RestoreOrigin.restorable else {
      throw PlanProblem("RDS can't restore \(origin.words): it is \(state).", at: "from")
    }
    return origin
  }

  /// What a plan restores.
  static func origin(of plan: Plan, in cloud: Cloud) async throws -> RestoreOrigin {
    try await RestoreOrigin(
      plan.parameters["from"] ?? "", at: plan.parameters["at"] ?? "",
      of: plan.parameters["database"] ?? "", in: cloud)
  }

  /// Every field of a plan: the source's, the origin's and the new instance's.
  static func fields(of plan: Plan, in cloud: Cloud) async throws -> [String: String] {
    let database = plan.parameters["database"] ?? ""
    async let instance = cloud.rds.describeDBInstance(id: database)
    async let new = NewDatabase.fields(of: plan.parameters["id"] ?? "", in: cloud)
    async let state = state(of: plan, in: cloud)
    let source = try await instance
    return try await DatabaseFacts(id: database, source).fields
      .merging([originField: state, networkField: source.networkWords]) { $1 }
      .merging(new) { $1 }
  }

  private static func state(of plan: Plan, in cloud: Cloud) async throws -> String {
    do {
      return try await origin(of: plan, in: cloud)
        .state(of: plan.parameters["database"] ?? "", in: cloud)
    } catch is PlanProblem {
      return "gone"
    }
  }

  /// What a second database costs.
  static func cost(
    of source: RDS.Instance, _ origin: RestoreOrigin, with means: Means
  ) async throws -> Cost {
    var shape = DatabaseShape(DatabaseFacts(id: "", source))
    if case .snapshot(let snapshot) = origin {
      shape.storageGiB = Int64(snapshot.allocatedStorageGiB)
    }
    return try await means.databaseCost(from: nil, to: shape)
  }

  /// The plan for what has been checked.
  static func plan(
    _ asked: Asked, source: RDS.Instance, database: String, origin: RestoreOrigin, target: String,
    cost: Cost
  ) -> Plan {
    let facts = DatabaseFacts(id: database, source)
    return Plan(
      change: asked.change, kind: ChangeKind.databaseRestore.id, site: asked.site.name,
      title: "Restore \(origin.words) to the new database \(target)", guarding: .guarded,
      parameters: [
        "database": database, "id": target, "from": asked.field("from"), "at": asked.field("at"),
      ],
      locks: ["rds:\(target)"],
      preconditions: [
        Reading(originField, "What is restored", RestoreOrigin.restorable), NewDatabase.absent,
        Reading(DatabaseFacts.classField, "Class", facts.instanceClass),
        Reading(DatabaseFacts.multiAZField, "Zones", DatabaseFacts.zones(facts.multiAZ)),
        Reading(DatabaseFacts.storageTypeField, "Storage type", facts.storageType),
        Reading(networkField, "Network", source.networkWords),
      ],
      steps: [.restore(origin, of: database, to: target, like: source)],
      expected: NewDatabase.expected(like: source), failure: NewDatabase.failure,
      verifyWithinMs: NewDatabase.verifyWithinMs,
      effects: NewDatabase.effects(target, instead: database), cost: cost)
  }
}
