import Rules

/// The fields of a database instance that plans name. One list, for preconditions, drift and
/// verification.
extension DatabaseFacts {
  static let classField = "db.class"
  static let orderedClassField = "db.class_ordered"
  static let statusField = "db.status"
  static let multiAZField = "db.multi_az"
  static let orderedMultiAZField = "db.multi_az_ordered"
  static let pendingField = "db.pending"
  static let retentionField = "db.retention"
  static let protectionField = "db.deletion_protection"
  static let storageField = "db.storage"
  static let storageTypeField = "db.storage_type"
  static let encryptedField = "db.encrypted"

  /// Every field with its value, as text.
  var fields: [String: String] {
    [
      Self.classField: instanceClass,
      Self.orderedClassField: pending["DBInstanceClass"] ?? instanceClass,
      Self.statusField: status, Self.multiAZField: Self.zones(multiAZ),
      Self.orderedMultiAZField: Self.zones(pending["MultiAZ"].map { $0 == "true" } ?? multiAZ),
      Self.pendingField: pendingWords, Self.retentionField: Span.words(days: backupRetentionDays),
      Self.protectionField: Self.onOff(deletionProtection),
      Self.storageField: "\(storageGiB) GiB", Self.storageTypeField: storageType,
      Self.encryptedField: encrypted ? "yes" : "no",
    ]
  }

  /// What must hold for any change of the instance: nothing else is under way.
  var settled: [Reading] {
    [
      Reading(Self.statusField, "Status", status),
      Reading(Self.classField, "Class", instanceClass),
      Reading(Self.multiAZField, "Zones", Self.zones(multiAZ)),
      Reading(Self.pendingField, "Waiting for the window", pendingWords),
    ]
  }

  /// What waits for the window, in words.
  var pendingWords: String {
    pending.isEmpty
      ? "nothing"
      : pending.sorted { $0.key < $1.key }.map { "\($0) → \($1)" }.joined(separator: ", ")
  }

  /// Refuses to plan while the instance is busy.
  func checkAvailable() throws {
    guard status == "available" else {
      throw PlanProblem(
        "The database is “\(status)”. Wait until it is available, then preview again.")
    }
  }

  /// Refuses to plan while other changes wait: what is done at once would take them along.
  func checkNothingWaits() throws {
    guard pending.isEmpty else {
      throw PlanProblem(
        "RDS holds changes for the maintenance window already (\(pendingWords)). "
          + "Wait until they are applied.")
    }
  }

  /// In how many zones it runs, as RDS calls it.
  static func zones(_ multiAZ: Bool) -> String { multiAZ ? "Multi-AZ" : "Single-AZ" }

  static func onOff(_ isOn: Bool) -> String { isOn ? "on" : "off" }

  /// What is held while the instance changes.
  var lock: String { "rds:\(id)" }
}
