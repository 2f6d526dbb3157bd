import AWS
import Foundation
import HTTP
import HTTPTypes
import Rules

/// A kind of change: how its form becomes a plan, how the plan is read again and priced, how each
/// of its calls is made. What it does is in the plan; a kind holds no state.
struct ChangeKind: Sendable {
  typealias FormPageHandler =
    @Sendable (Portal) ->
    @Sendable (
      _ problems: [Mistake], Visit
    ) async throws -> Response

  /// The kind's name in plans and forms, `ecs.count`.
  let id: String
  /// The kind as people call it, `Number of tasks`.
  let label: String
  /// What it changes, as its form says before anything is filled in.
  var about = ""
  /// The resource it changes; nil for what is not one.
  var subject: Subject? = nil
  /// The fields of its form, from what is known; nil where a page of its own holds the form.
  var form: (@Sendable (Estate) -> [FormField])? = nil
  /// The address of the page with its form, where that is a page of its own.
  var ownPath: String? = nil
  /// The page with the form, also with why no plan could be made of what was typed there.
  var formPage: FormPageHandler = Portal.form
  /// Whether it mends the log, so that a log that is behind does not stop it.
  var mendsLog = false
  /// Plans what the form asks for, from the live state.
  /// - Throws: `PlanProblem` with everything that the form's page is to say.
  let plan: @Sendable (Means, Asked) async throws -> Plan
  /// Reads, live, every field that plans of this kind name.
  let read: @Sendable (Means, Plan) async throws -> [String: String]
  /// Prices the plan again, from today's list.
  var price: @Sendable (Means, Plan) async throws -> Cost = { _, plan in plan.cost }
  /// The newest point that the data of a plan with a backup can be restored to.
  var restorableTo: @Sendable (Means, Plan) async throws -> Moment? = { _, _ in nil }
  /// Whether what a step needs of those before it is there; the step waits for it. Reads only.
  /// - Throws: `PlanProblem` where it will never be.
  var isReady: @Sendable (Means, Plan, Step) async throws -> Bool = { _, _, _ in true }
  /// Makes the call of one step; `results` are those of the steps before it.
  /// - Returns: what the next steps and the log need of the answer.
  let perform: @Sendable (Means, Plan, Step, _ results: [String]) async throws -> String

  /// The address of the page with its form.
  var formPath: String { ownPath ?? "/changes/new?kind=" + percentEncoded(id) }

  /// Every kind there is.
  static let all: [ChangeKind] = [
    .serviceCount, .taskSize, .imageRollback, .redeploy, .rolloutStop,
    .databaseClass, .databaseStandby, .databaseStorage,
    .databaseRetention, .databaseSnapshot, .databaseRestore, .databaseEncryption,
    .databaseProtection, .databaseReboot, .databaseDeletion,
    .bucketVersioning, .bucketLifecycle, .objectRestore, .objectVersion, .bucketDeletion,
    .logRetention, .terminationProtection, .balancerProtection, .tagMutability,
    .changeSetExecution, .continuedRollback,
    .record, .certificateRequest, .certificateDeletion,
    .sending, .mailFrom, .productionAccess, .mailTest, .verifiedAddress,
    .alarms, .subscription, .topicTest,
    .themeDeploy, .members,
    .workflowDispatch, .workflowRerun, .workflowCancel,
    .role, .invitation, .disabling, .enabling, .unlinking, .policy, .freezeLift, .gapAcceptance,
  ]

  /// The kind with this name; nil when this version has none.
  static func named(_ id: String) -> ChangeKind? { all.first { $0.id == id } }

  /// The kind of a plan.
  static func of(_ plan: Plan) throws -> ChangeKind {
    guard let kind = named(plan.kind) else {
      throw StorageProblem("This version does not know changes of the kind \(plan.kind).")
    }
    return kind
  }
}

/// What a kind works with: the cloud of the site, and the portal's own rows.
struct Means: Sendable {
  var cloud: Cloud
  let storage: Storage
  let outside: Outside
  let boot: Boot
  /// The versions of the site's theme.
  let themes: ThemeLibrary
  /// Whether the Price List is asked also for what it has told within a day.
  var asksPricesAnew = false
}

/// What somebody asks for: the form of a kind, for a change with this id.
struct Asked: Sendable {
  let change: String
  let site: Site
  let form: [String: String]
  /// Who asks.
  let person: Person

  /// A field without spaces around it; empty when it is not there.
  func field(_ name: String) -> String {
    (form[name] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

extension ChangeKind {
  /// Everything a run is decided on, read now.
  func preflight(of plan: Plan, with means: Means, at now: Moment) async throws -> Preflight {
    var anew = means
    anew.asksPricesAnew = true
    async let readings = read(means, plan)
    async let cost = try? price(anew, plan)
    async let restorable = plan.backup == nil ? nil : try? restorableTo(means, plan)
    return try await Preflight(
      readings: readings, cost: cost, restorableTo: restorable, readAt: now)
  }
}

extension Portal {
  /// What a kind works with at a site.
  func means(at site: Site) -> Means {
    Means(
      cloud: outside.cloud(site), storage: storage, outside: outside, boot: boot,
      themes: themeLibrary)
  }

  /// What a kind works with at the site of a plan.
  func means(for plan: Plan) throws -> Means {
    guard let site = configuration.sites.first(where: { $0.name == plan.site }) else {
      throw Failure(
        status: .conflict, title: "The site is gone",
        sentence: "“\(plan.site)” is not in the configuration any more. Nothing was changed.")
    }
    return means(at: site)
  }
}

/// Why no plan can be made, in words.
struct PlanProblem: Error {
  /// Everything that is not right with what the form of the kind asks for.
  let mistakes: [Mistake]

  init(_ mistakes: [Mistake]) { self.mistakes = mistakes }

  /// - Parameter field: the field of the kind's form that it is about; nil where it is about none.
  init(_ sentence: String, at field: String? = nil) { self.init([Mistake(sentence, at: field)]) }

  var sentence: String { mistakes.map(\.sentence).joined(separator: " ") }
}

extension [Mistake] {
  /// What a field asks for; nil where that makes no sense, which is noted here.
  mutating func noting<Value>(_ read: () async throws -> Value) async throws -> Value? {
    do { return try await read() } catch let problem as PlanProblem {
      self += problem.mistakes
      return nil
    }
  }
}
