import AWS
import Rules

extension ChangeKind {
  /// An image as it was before.
  static let objectVersion = ChangeKind(
    id: "s3.version", label: "Make an older version current",
    about: "S3 copies an older version of an object onto its key. The copy is what readers get "
      + "from then on; every other version stays.",
    subject: .bucket,
    form: { _ in
      [
        FormField(
          "key", "Key", .text, hint: "content/images/2026/02/cat.png, exactly as in the address."),
        FormField(
          "version", "Version", .text, hint: "Its id. The page of the object's versions lists them."
        ),
      ]
    },
    plan: { means, asked in
      let bucket = try await means.ids(at: asked.site).bucket
      let (key, version) = (asked.form["key"] ?? "", asked.field("version"))
      let mistakes = [
        key.isEmpty ? Mistake("Write the key of the object.", at: "key") : nil,
        version.isEmpty ? Mistake("Write the id of the version.", at: "version") : nil,
      ].compactMap { $0 }
      guard mistakes.isEmpty else { throw PlanProblem(mistakes) }
      async let versioning = means.cloud.s3.getBucketVersioning(bucket)
      async let found = means.cloud.versions(of: key, in: bucket)
      return try await ObjectVersion.plan(
        of: bucket, key, version, among: found.versions, versioning: versioning, for: asked)
    },
    read: { means, plan in
      let bucket = plan.parameters["bucket"] ?? ""
      async let versioning = means.cloud.s3.getBucketVersioning(bucket)
      async let found = means.cloud.versions(of: plan.parameters["key"] ?? "", in: bucket)
      return ObjectVersion.readings(
        try await found.versions, of: plan, versioning: try await versioning)
    },
    perform: { means, _, step, _ in
      let id = try await means.cloud.s3.copyObject(
        step.parameters["Key"] ?? "", in: step.parameters["Bucket"] ?? "",
        fromVersion: step.parameters["CopySourceVersionId"] ?? "")
      return "S3 made the version \(id ?? "null")."
    })
}

/// Plans a copy of an older version of an object onto its own key.
enum ObjectVersion {
  static let currentField = "object.current"
  static let sourceField = "object.source"
  /// The largest object that one CopyObject copies ("CopyObject", Amazon S3 API Reference).
  static let bytesMax: Int64 = 5 << 30

  static func plan(
    of bucket: String, _ key: String, _ id: String, among versions: [S3.ObjectVersion],
    versioning: S3.Versioning, for asked: Asked
  ) throws -> Plan {
    guard let current = versions.first else {
      throw PlanProblem(
        "There is no object with the key “\(key)”, and no version of one.", at: "key")
    }
    guard let source = versions.first(where: { $0.id == id }) else {
      throw PlanProblem(
        "“\(key)” has no version \(id). It may have been removed; look again.", at: "version")
    }
    try check(source, versioning)
    return Plan(
      change: asked.change, kind: ChangeKind.objectVersion.id, site: asked.site.name,
      title: "Make \(key) what it was on \(Moment(ms: source.modifiedMs).words)",
      guarding: .logged,
      parameters: ["bucket": bucket, "key": key, "version": id, "current": current.id],
      locks: ["s3:\(bucket)"],
      preconditions: [
        Reading(currentField, "Readers get", words(current)),
        Reading(sourceField, "The older version", words(source)),
        Reading(BucketVersioning.field, "Versioning", S3.Versioning.enabled.words),
      ],
      steps: [
        Step(
          service: "s3", operation: "CopyObject",
          words: "Copy \(words(source)) onto the key",
          parameters: ["Bucket": bucket, "Key": key, "CopySourceVersionId": id], recovery: .setTo)
      ],
      expected: [Reading(currentField, "Readers get", copyWords(of: source))], failure: [],
      verifyWithinMs: Setting.verifyWithinMs,
      effects: [
        "Readers get it at once; browsers and caches may show the other for a while.",
        "Nothing is lost: what is current now stays as a version, and can be made current again.",
        "The copy is paid for as storage, \(bytes(source.sizeBytes ?? 0)) more.",
      ], cost: .none,
      inverse: current.isDeleteMarker
        ? nil
        : Inverse(
          kind: ChangeKind.objectVersion.id, form: ["key": key, "version": current.id]))
  }

  private static func check(_ source: S3.ObjectVersion, _ versioning: S3.Versioning) throws {
    guard versioning == .enabled else {
      throw PlanProblem(
        "Versioning is \(versioning.words), so the copy would take the place of a version that is "
          + "lost then. Turn versioning on first.")
    }
    guard !source.isDeleteMarker else {
      throw PlanProblem(
        "That version is a mark of deletion: there is nothing in it to copy.", at: "version")
    }
    guard !source.isLatest else {
      throw PlanProblem("That version is the current one already.", at: "version")
    }
    guard source.sizeBytes ?? 0 <= bytesMax else {
      throw PlanProblem(
        "It is larger than \(bytes(bytesMax)), which S3 does not copy in one call.", at: "version")
    }
  }

  /// What a plan names, as it is now. Our copy is known by what it covers, and by its size.
  static func readings(
    _ versions: [S3.ObjectVersion], of plan: Plan, versioning: S3.Versioning
  ) -> [String: String] {
    var readings = [BucketVersioning.field: versioning.words]
    let source = versions.first { $0.id == plan.parameters["version"] }
    readings[sourceField] = source.map(words) ?? "gone"
    guard let latest = versions.first else { return readings }
    readings[currentField] = words(latest)
    if let source, isCopy(latest, of: source, over: plan.parameters["current"], in: versions) {
      readings[currentField] = copyWords(of: source)
    }
    return readings
  }

  /// Whether the latest version is all that came since the one that was current.
  private static func isCopy(
    _ latest: S3.ObjectVersion, of source: S3.ObjectVersion, over current: String?,
    in versions: [S3.ObjectVersion]
  ) -> Bool {
    guard let covered = versions.dropFirst().first(where: { $0.id == current }) else {
      return false
    }
    return !latest.isDeleteMarker && latest.sizeBytes == source.sizeBytes
      && versions.dropFirst().allSatisfy { $0.modifiedMs <= covered.modifiedMs }
  }

  /// A version in words that no other has.
  static func words(_ version: S3.ObjectVersion) -> String {
    let at = Moment(ms: version.modifiedMs).words
    guard !version.isDeleteMarker else { return "nothing, deleted \(at)" }
    return "the version of \(at), \(bytes(version.sizeBytes ?? 0)) (\(version.id))"
  }

  private static func copyWords(of source: S3.ObjectVersion) -> String {
    "a copy of \(words(source))"
  }
}

extension Cloud {
  /// The most versions of one object that are read.
  static let versionsOfOneMax = 1_000

  /// The versions of one object, the latest first.
  func versions(
    of key: String, in bucket: String
  ) async throws -> (versions: [S3.ObjectVersion], isCut: Bool) {
    // A key comes before every other that begins with it.
    let found = try await s3.listObjectVersions(
      bucket, prefix: key, limit: Self.versionsOfOneMax)
    return (found.versions.filter { $0.key == key }, found.next == key)
  }
}
