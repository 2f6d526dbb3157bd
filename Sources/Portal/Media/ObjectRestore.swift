import AWS
import Rules

extension ChangeKind {
  /// Deleted images, brought back.
  static let objectRestore = ChangeKind(
    id: "s3.restore", label: "Bring back deleted objects",
    about: "Deleting in a bucket with versioning only covers an object with a mark. Removing the "
      + "mark brings the object back.",
    subject: .bucket,
    form: { _ in
      [
        FormField(
          "prefix", "Key, or what keys begin with", .text,
          hint:
            "content/images/2026/02/cat.png brings back one, content/images/2026/ a whole year. "
            + "The preview lists what would come back."),
        FormField(
          "match", "Which of them",
          .choice([
            ("prefix", "Every key that begins with it"), ("key", "The one with exactly this key"),
          ])),
        FormField(
          "days", "Deleted within",
          .choice(
            [("any", "Any time")]
              + DeletedSelection.spans.map { (String($0), Span.words(days: $0)) })),
      ]
    },
    plan: { means, asked in
      let bucket = try await means.ids(at: asked.site).bucket
      let selection = DeletedSelection { asked.form[$0] }
      let found = try await means.cloud.deleted(selection, in: bucket)
      return try ObjectRestore.plan(of: bucket, selection, found, for: asked)
    },
    read: { means, plan in
      let selection = DeletedSelection { plan.parameters[$0] }
      let found = try await means.cloud.deleted(
        selection, in: plan.parameters["bucket"] ?? "")
      let marks = Set(found.marks.map(\.id))
      return [
        ObjectRestore.field: String(ObjectRestore.marks(of: plan).filter(marks.contains).count)
      ]
    },
    perform: { means, _, step, _ in
      try await means.cloud.s3.deleteObject(
        step.parameters["Key"] ?? "", in: step.parameters["Bucket"] ?? "",
        versionID: step.parameters["VersionId"] ?? "")
      return "S3 removed the mark."
    })
}

/// Plans the removal of delete markers, one call each.
enum ObjectRestore {
  static let field = "bucket.deleted"
  /// The most objects one change brings back: people must be able to read the plan.
  static let objectsMax = 100
  /// The most versions that are looked at for deleted objects.
  static let versionsMax = 20_000

  static func plan(
    of bucket: String, _ selection: DeletedSelection,
    _ found: (marks: [S3.ObjectVersion], isCut: Bool), for asked: Asked
  ) throws -> Plan {
    let marks = found.marks
    guard !marks.isEmpty else {
      throw PlanProblem(
        "There are no deleted objects \(selection.words)"
          + (found.isCut
            ? " among the first \(versionsMax) versions. Write more of the key." : "."),
        at: "prefix")
    }
    guard marks.count <= objectsMax else {
      throw PlanProblem(
        "There are \(marks.count) deleted objects \(selection.words). One change brings back at "
          + "most \(objectsMax): write more of the key.", at: "prefix")
    }
    return Plan(
      change: asked.change, kind: ChangeKind.objectRestore.id, site: asked.site.name,
      title: marks.count == 1
        ? "Bring back \(marks[0].key)"
        : "Bring back \(marks.count) deleted objects \(selection.words)",
      guarding: .logged,
      parameters: ["bucket": bucket, "prefix": selection.prefix, "match": selection.match],
      locks: ["s3:\(bucket)"],
      preconditions: [Reading(field, "Of these, deleted", String(marks.count))],
      steps: marks.map { mark in
        Step(
          service: "s3", operation: "DeleteObject",
          words: "Bring back \(mark.key), deleted \(Moment(ms: mark.modifiedMs).words)",
          parameters: ["Bucket": bucket, "Key": mark.key, "VersionId": mark.id],
          recovery: .setTo)
      },
      expected: [Reading(field, "Of these, deleted", "0")], failure: [],
      verifyWithinMs: Setting.verifyWithinMs,
      effects: [
        "Readers see the objects again. Caches may go on saying 404 for a while.",
        "Only the marks of deletion named in the plan are removed; nothing is overwritten.",
      ], cost: .none)
  }

  /// The ids of the marks that a plan removes.
  static func marks(of plan: Plan) -> [String] {
    plan.steps.compactMap { $0.parameters["VersionId"] }
  }
}

extension Cloud {
  /// The marks of deleted objects, the last deleted first.
  func deleted(
    _ selection: DeletedSelection, in bucket: String
  ) async throws -> (marks: [S3.ObjectVersion], isCut: Bool) {
    let found = try await s3.listObjectVersions(
      bucket, prefix: selection.prefix, limit: ObjectRestore.versionsMax)
    let marks = found.versions.filter { selection.holds($0, at: now()) }
      .sorted { ($1.modifiedMs, $0.key) < ($0.modifiedMs, $1.key) }
    return (marks, found.isCut)
  }
}
