import AWS
import Foundation
import GRDB
import Rules

extension ChangeKind {
  /// A version of the theme, sent to Ghost from the library.
  static let themeDeploy = ChangeKind(
    id: ThemeDeploy.kind, label: "Theme",
    about: "Sends a version of the theme from the library to Ghost, and makes it the active one.",
    subject: .blog, ownPath: "/themes", formPage: Portal.themes,
    plan: { means, asked in
      let (theme, last) = try await means.themeAsked(asked)
      let fields = try await means.themeFields(of: theme.name, at: asked.site)
      let files = fields[ThemeReading.filesField] ?? ""
      let (kept, service) = try await means.storage.read { db in
        (
          try ThemeStore.find(files: files, site: asked.site.name, in: db),
          try ObservationStore.facts(ServiceFacts.self, site: asked.site.name, in: db)?.facts
        )
      }
      return try ThemeDeploy(
        theme: theme, last: last, fields: fields, kept: kept, service: service
      ).plan(for: asked)
    },
    read: { means, plan in
      try await means.themeFields(of: plan.parameters["name"] ?? "", at: means.cloud.site)
    },
    isReady: { means, _, _ in
      // A Ghost that is restarting has to be up before anything is sent to it.
      _ = try await means.cloud.ghost.settings()
      return true
    },
    perform: { means, plan, step, _ in try await means.perform(step, of: plan) })
}

/// Plans that a version of the theme goes to Ghost.
struct ThemeDeploy {
  static let kind = "theme.deploy"
  /// How long Ghost may take to show it.
  static let verifyWithinMs = 5 * Span.minute

  let theme: ThemeVersion
  /// What was deployed from here last.
  let last: DeployedVersion?
  let fields: [String: String]
  /// The version in the library with the files Ghost has now.
  let kept: ThemeVersion?
  let service: ServiceFacts?

  private func field(_ name: String) -> String? { fields[name] }
  private var active: String { field(ThemeReading.activeField) ?? ThemeReading.none }
  private var isPageGood: Bool { field(ThemeReading.pageField) == ThemeReading.good }
  private var isAgain: Bool { last?.theme.sha256 == theme.sha256 }

  /// What tells afterwards that Ghost has it: the files themselves where a staff token can read
  /// them; else the page's mark, where it will be another one; else only Ghost's own answer.
  private var evidence: Reading {
    if field(ThemeReading.filesField) != nil {
      return Reading(ThemeReading.filesField, "Files on Ghost's disk", theme.files)
    }
    let mark = field(ThemeReading.markField) ?? ThemeReading.none
    if mark != ThemeReading.none, mark != theme.words {
      return Reading(ThemeReading.markField, "Theme the page was made with", theme.words)
    }
    return Reading(ThemeReading.takenField, "Archive Ghost took last", theme.sha256)
  }

  /// Whether a look tells, after a lost answer, if the call was made.
  private var isTold: Bool {
    evidence.field != ThemeReading.takenField && field(evidence.field) != evidence.value
  }

  /// The plan, or why there is none.
  func plan(for asked: Asked) throws -> Plan {
    if field(ThemeReading.filesField) == theme.files, active == theme.name, isPageGood {
      throw PlanProblem("Ghost has exactly these files of \(theme.words) already, and shows them.")
    }
    let seen = [ThemeReading.activeField: "Active theme", evidence.field: evidence.label]
    return Plan(
      change: asked.change, kind: Self.kind, site: asked.site.name, title: title,
      guarding: isAgain ? .logged : .guarded,
      parameters: [
        "theme": String(theme.number), "sha256": theme.sha256, "name": theme.name,
        "version": theme.version, "bytes": String(theme.bytes), "files": theme.files,
      ],
      locks: ["ghost:themes:\(asked.site.name)"],
      preconditions: seen.sorted { $0.key < $1.key }.map {
        Reading($0.key, $0.value, field($0.key) ?? ThemeReading.none)
      } + [Reading(ThemeReading.pageField, "Home page", field(ThemeReading.pageField) ?? "")],
      steps: steps,
      expected: [
        Reading(ThemeReading.activeField, "Active theme", theme.name), evidence,
        Reading(ThemeReading.pageField, "Home page", ThemeReading.good),
      ],
      failure: [], verifyWithinMs: Self.verifyWithinMs, effects: effects, cost: .none,
      restoresService: !isPageGood && isAgain, inverse: inverse(asked))
  }

  private var title: String {
    if isAgain { return "Re-apply the theme \(theme.words)" }
    guard let last, last.isAfter(theme) else {
      return "Deploy the theme \(theme.words)"
    }
    return "Roll the theme back from \(last.theme.words) to \(theme.words)"
  }

  private var steps: [Step] {
    var steps: [Step] = []
    if isKeeping {
      steps.append(
        Step(
          service: "ghost", operation: "DownloadTheme",
          words: "Keep what Ghost has now of \(theme.name) in the library",
          parameters: ["name": theme.name], recovery: .namedCreate))
    }
    steps.append(
      Step(
        service: "ghost", operation: "UploadTheme", words: "Send \(theme.words) to Ghost",
        parameters: [
          "file": "\(theme.name).zip", "sha256": theme.sha256, "bytes": String(theme.bytes),
        ], recovery: isTold ? .setTo : .oneShot))
    if active != theme.name {
      steps.append(
        Step(
          service: "ghost", operation: "ActivateTheme",
          words: "Make \(theme.name) the active theme", parameters: ["name": theme.name],
          recovery: .setTo))
    }
    return steps
  }

  /// Whether Ghost has files that the library has not, and that can be read.
  private var isKeeping: Bool {
    guard let files = field(ThemeReading.filesField), kept == nil else { return false }
    return files != ThemeReading.none && files != ThemeReading.damaged
  }

  private var effects: [String] {
    var effects = [
      active == theme.name
        ? "Readers see it as soon as Ghost has it: an upload under the active theme's name goes "
          + "live by itself."
        : "It becomes the active theme in place of \(active). Ghost begins with blank custom "
          + "settings for a theme of another name.",
      "Routes, redirects and custom settings of the theme stay as they are.",
      "What differs from other versions is told line by line under Themes, version "
        + "\(theme.number) (/themes/\(theme.number)).",
    ]
    if isAgain { effects.append("It is the version that was deployed from here last.") }
    if let service, !service.keepsThemes {
      effects.append(
        "The folder of themes is the task's own disk: the next task has not got it. Caretaker then "
          + "offers to re-apply it.")
      if service.desired > 1 {
        effects.append(
          "\(service.desired) tasks run, and an upload reaches one of them: readers would see two "
            + "themes in turn. Scale to one task first.")
      }
    }
    effects.append(contentsOf: limits)
    return effects
  }

  /// What can't be done or told without a staff token.
  private var limits: [String] {
    guard field(ThemeReading.filesField) == nil else { return [] }
    let lost =
      isTold
      ? "Whether Ghost has it is told by what the home page says it was made with."
      : "After a lost answer nothing tells whether Ghost has it: then somebody has to look."
    return [
      "Without a staff access token, what Ghost has now is not kept before it is overwritten.",
      lost,
    ]
  }

  /// What puts back what Ghost has now.
  private func inverse(_ asked: Asked) -> Inverse? {
    if active != theme.name {
      return last.flatMap { $0.theme.name == active ? $0.theme : nil }
        .map { Inverse(kind: Self.kind, form: ["theme": String($0.number)]) }
    }
    if isKeeping { return Inverse(kind: Self.kind, form: ["kept_before": asked.change]) }
    let before = field(ThemeReading.filesField) == nil ? last?.theme : kept
    guard let before, before.sha256 != theme.sha256 else { return nil }
    return Inverse(kind: Self.kind, form: ["theme": String(before.number)])
  }
}

extension Means {
  /// The version that a form asks for, and what was deployed last.
  fileprivate func themeAsked(
    _ asked: Asked
  ) async throws -> (theme: ThemeVersion, last: DeployedVersion?) {
    let site = asked.site.name
    let (number, change) = (asked.field("theme"), asked.field("kept_before"))
    let (theme, last) = try await storage.read { db in
      (
        change.isEmpty
          ? try Int64(number).flatMap { try ThemeStore.find($0, site: site, in: db) }
          : try ThemeStore.find(keptBefore: change, site: site, in: db),
        try ThemeDeployments.last(site: site, in: db)
      )
    }
    guard let theme else {
      throw PlanProblem("That version is not in the library. Choose one that is.")
    }
    return (theme, last)
  }

  fileprivate func perform(_ step: Step, of plan: Plan) async throws -> String {
    switch step.operation {
    case "DownloadTheme": return try await keepTheme(of: plan)
    case "UploadTheme": return try await uploadTheme(of: plan)
    case "ActivateTheme":
      let theme = try await cloud.ghost.activateTheme(step.parameters["name"] ?? "")
      return "Ghost made \(theme.name) the active theme."
    default: throw ThemeStepProblem("This version does not know the step \(step.operation).")
    }
  }

  /// Puts what Ghost has into the library.
  private func keepTheme(of plan: Plan) async throws -> String {
    let draft = try await themes.draft()
    try await cloud.ghost.downloadTheme(
      plan.parameters["name"] ?? "", to: draft.destination(),
      bytesMax: ThemeLibrary.archiveBytesMax)
    do {
      let kept = try await themes.add(
        draft, source: .download, origin: plan.change, site: plan.site, by: nil)
      return "It is version \(kept.number) of the library."
    } catch {
      throw ThemeStepProblem(
        "What Ghost has could not be kept, so nothing was sent. \(Failure(error).sentence)")
    }
  }

  private func uploadTheme(of plan: Plan) async throws -> String {
    let (name, sha256) = (plan.parameters["name"] ?? "", plan.parameters["sha256"] ?? "")
    let number = plan.parameters["theme"].flatMap { Int64($0) } ?? 0
    let (file, count) = try await approvedFile(sha256)
    try await storage.write { [now = outside.now()] db in
      guard let theme = try ThemeStore.find(number, site: plan.site, in: db) else {
        throw ThemeStepProblem("The version is not in the library any more.")
      }
      try ThemeDeployments.begin(theme, of: plan.change, site: plan.site, at: now, in: db)
    }
    let theme = try await cloud.ghost.uploadTheme(
      file, byteCount: count, digest: sha256, name: name)
    try await storage.write { [now = outside.now()] db in
      try ThemeDeployments.confirm(of: plan.change, at: now, in: db)
    }
    return "Ghost took \(theme.name) \(theme.version)."
  }

  /// The archive in the library, opened once it is seen to be the one that was approved.
  private func approvedFile(_ sha256: String) async throws -> (HTTPFile, Int) {
    try await themes.run { [themes] in
      let path = themes.folder.place(of: sha256)
      guard let handle = FileHandle(forReadingAtPath: path) else {
        throw ThemeStepProblem("Its archive is not in the library's folder any more.")
      }
      defer { try? handle.close() }
      guard try ThemeDraft.digest(of: handle.fileDescriptor) == sha256 else {
        throw ThemeStepProblem(
          "Its archive in the library's folder is not the one that was approved.")
      }
      let count = try handle.seekToEnd()
      return (try HTTPFile(descriptor: handle.fileDescriptor), Int(count))
    }
  }
}

/// Why a step was not made: nothing was sent.
struct ThemeStepProblem: CallError {
  let sentence: String
  let effect = AWSError.Effect.none

  init(_ sentence: String) { self.sentence = sentence }
}
