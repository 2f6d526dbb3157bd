import AWS
import Rules

/// The instance that a restore makes beside the old one, as plans name it. What RDS gives it by
/// itself is the default network, one zone and no protection.
enum NewDatabase {
  static let statusField = "new.status"
  static let classField = "new.class"
  static let zonesField = "new.multi_az"
  static let networkField = "new.network"
  static let protectionField = "new.deletion_protection"
  static let encryptedField = "new.encrypted"
  /// The status of an instance that is not there.
  static let none = "none"
  /// How long RDS may take to restore a database.
  static let verifyWithinMs = 6 * Span.hour

  private static let labels = [
    statusField: "New database", classField: "Its class", zonesField: "Its zones",
    networkField: "Its network", protectionField: "Its deletion protection",
  ]

  /// A name that RDS takes and that is free.
  /// - Throws: `PlanProblem` where it is not.
  static func checked(_ typed: String, in cloud: Cloud) async throws -> String {
    let name = typed.lowercased()
    let isPlain = name.utf8.allSatisfy { byte in
      (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
    }
    guard isPlain, (1...63).contains(name.utf8.count), name.first?.isLetter == true,
      !name.hasSuffix("-"), !name.contains("--")
    else {
      throw PlanProblem(
        "Name the new database with up to 63 letters, digits and single hyphens, beginning with "
          + "a letter.", at: "id")
    }
    guard try await fields(of: name, in: cloud)[statusField] == none else {
      throw PlanProblem("There is a database \(name) already. Choose another name.", at: "id")
    }
    return name
  }

  /// What is seen of it, live.
  static func fields(of id: String, in cloud: Cloud) async throws -> [String: String] {
    do throws(AWSError) {
      return fields(of: try await cloud.rds.describeDBInstance(id: id))
    } catch {
      guard case .notFound = error.reason else { throw error }
      return [statusField: none]
    }
  }

  private static func fields(of instance: RDS.Instance) -> [String: String] {
    [
      statusField: instance.status, classField: instance.instanceClass,
      zonesField: DatabaseFacts.zones(instance.multiAZ), networkField: instance.networkWords,
      protectionField: DatabaseFacts.onOff(instance.deletionProtection),
      encryptedField: instance.storageEncrypted ? "yes" : "no",
    ]
  }

  /// That it is not there yet.
  static let absent = Reading(statusField, "New database", none)

  /// What must be seen of it once it is there: everything the old one has, and protection.
  static func expected(like source: RDS.Instance) -> [Reading] {
    var fields = fields(of: source)
    fields[statusField] = "available"
    fields[protectionField] = DatabaseFacts.onOff(true)
    return labels.sorted { $0.key < $1.key }.compactMap { field, label in
      fields[field].map { Reading(field, label, $0) }
    }
  }

  /// What means that it will never be there.
  static let failure = [
    "failed", "incompatible-network", "incompatible-parameters", "incompatible-restore",
  ].map { Reading(statusField, "New database", $0) }

  /// What to do with it, and what it is not.
  static func effects(_ id: String, instead old: String) -> [String] {
    [
      "Ghost goes on with \(old). To cut over: stop Ghost, put the address of \(id) in place of "
        + "the old one in the CDK code or the secret that Ghost reads, and deploy.",
      "\(id) has the network, class, zones and settings of \(old), and deletion protection. Its "
        + "logins and passwords are those of the moment it is restored to.",
      "Both are billed until one is deleted. \(id) is not part of the stack: no infra-deploy "
        + "changes or deletes it, and Caretaker watches it only when the stack has it.",
    ]
  }
}

extension RDS.Instance {
  /// The group of subnets and the security groups, as one field.
  var networkWords: String {
    ([subnetGroup ?? "no subnet group"] + securityGroupIDs.sorted()).joined(separator: ", ")
  }
}
