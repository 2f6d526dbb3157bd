import GRDB
import Rules

/// The fields of a service that plans name. One list, for preconditions, drift and verification.
extension ServiceFacts {
  /// Every field with its value, as text.
  var fields: [String: String] {
    [
      Self.desiredField: String(desired), Self.runningField: String(running),
      Self.definitionField: revision, Self.sizeField: sizeWords, Self.rolloutField: rollout,
      Self.statusField: status, Self.fingerprintField: fingerprint,
    ]
  }

  static let desiredField = "service.desired"
  static let runningField = "service.running"
  static let definitionField = "service.task_definition"
  static let sizeField = "task.size"
  static let rolloutField = "service.rollout"
  static let statusField = "service.status"
  static let fingerprintField = "task.fingerprint"

  /// The size, where Fargate has it.
  var size: FargateSize? { FargateSize(cpuUnits: cpuUnits, memoryMiB: memoryMiB) }

  /// The size in words, also where Fargate no longer has it.
  var sizeWords: String { size?.words ?? "\(cpuUnits) CPU units, \(memoryMiB) MiB" }

  /// What must hold for any change of the service: nothing else is under way.
  var settled: [Reading] {
    [
      Reading(Self.statusField, "Service", status),
      Reading(Self.rolloutField, "Deployment", rollout),
      Reading(Self.desiredField, "Desired tasks", String(desired)),
      Reading(Self.sizeField, "Task size", sizeWords),
      Reading(Self.definitionField, "Task definition", revision),
    ]
  }

  /// Refuses to plan while something else is under way.
  func checkSettled() throws {
    guard status == "ACTIVE" else {
      throw PlanProblem("The service is \(status), so it can't be scaled.")
    }
    guard rollout == "COMPLETED" else {
      throw PlanProblem(
        rollout == "IN_PROGRESS"
          ? "A deployment is under way. Wait until it is complete, then preview again."
          : "The last deployment is \(rollout). Mend that first.")
    }
  }

  /// What is held while the service changes.
  var lock: String { "ecs:\(cluster)/\(name)" }

  /// How the next infra-deploy treats a change made by hand.
  static let driftWarning =
    "The stack does not know of this: the next infra-deploy that touches the service puts "
    + "the template's value back. Change the CDK code too."
}

extension Means {
  /// The service of a site, read now.
  func serviceFacts(at site: Site) async throws -> ServiceFacts {
    let ids = try await storage.read { try SiteIDs(site: site.name, in: $0) }
    return try await cloud.serviceFacts(try ids.service)
  }

  /// The database instance of a site, read now.
  func databaseFacts(at site: Site) async throws -> DatabaseFacts {
    let ids = try await storage.read { try SiteIDs(site: site.name, in: $0) }
    return try await cloud.databaseFacts(try ids.database)
  }
}
