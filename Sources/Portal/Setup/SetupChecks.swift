import AWS
import HTTP
import Mustache
import Rules

/// Everything that a site works with, tried live.
struct SetupChecks: Sendable {
  let configuration: Configuration
  let cloud: Cloud
  /// What is wrong with the clock, and with notices that were sent; nil for nothing.
  let clockProblem: String?
  let noticesProblem: String?

  /// How long one try may take: somebody waits for the page.
  static let withinMs: Int64 = 8_000

  /// Every check, side by side.
  func results() async -> [SetupCheck] {
    async let aws = ofAWS()
    async let github = ofGitHub()
    async let ghost = [ofGhost(.integration), ofGhost(.staff)]
    async let anchor = ofAnchor()
    return await aws + [github] + ghost + [ofNotices, await anchor, ofClock]
  }

  private func ofAWS() async -> [SetupCheck] {
    let cloud = cloud
    let credentials = await SetupCheck.trying(
      "AWS: credentials", remedy: "Check profile, role and region of \(cloud.site.name)."
    ) {
      let identity = try await cloud.sts.getCallerIdentity()
      return "\(identity.arn), account \(identity.account)"
    }
    guard credentials.standing == .good else { return [credentials] }
    let entries: [StackEntry]
    do {
      entries = try await within(Self.withinMs) { try await cloud.stackEntries() }
    } catch {
      return [
        credentials,
        SetupCheck(
          what: "AWS: stack", standing: .failed, why: SetupCheck.words(error),
          remedy: "Check the stack’s name and the region. Nothing else is read without it."),
      ]
    }
    return [
      credentials,
      SetupCheck(what: "AWS: stack", standing: .good, why: "\(entries.count) resources"),
    ] + (await readings(SiteIDs(entries)))
  }

  /// What a poll reads of AWS; the others have checks of their own.
  private static let readingAWS = Watch.all.filter {
    ![.blog, .members, .workflows].contains($0.subject)
  }

  /// Every reading of AWS that a poll makes. Those that fail for the same reason are one line.
  private func readings(_ ids: SiteIDs) async -> [SetupCheck] {
    let failures = await withTaskGroup(of: (why: String, label: String)?.self) { [cloud] group in
      for watch in Self.readingAWS {
        group.addTask {
          do {
            _ = try await within(Self.withinMs) { try await watch.read(cloud, ids).known }
            return nil
          } catch {
            return (SetupCheck.words(error), watch.subject.label)
          }
        }
      }
      var failures: [(why: String, label: String)] = []
      for await case .some(let failure) in group { failures.append(failure) }
      return failures
    }
    let count = Self.readingAWS.count
    let read = count - failures.count
    let lines = Dictionary(grouping: failures, by: \.why).sorted { $0.key < $1.key }
    return [
      SetupCheck(
        what: "AWS: readings", standing: failures.isEmpty ? .good : .failed,
        why: "\(read) of \(count) could be read.",
        remedy: failures.isEmpty ? "" : "The lines below say what each of the others lacks.")
    ]
      + lines.map { why, members in
        SetupCheck(
          what: "AWS: " + members.map(\.label).sorted().joined(separator: ", ").lowercased(),
          standing: .failed, why: why,
          remedy: "The policy with every action is docs/role-policy.json.")
      }
  }

  private func ofGitHub() async -> SetupCheck {
    let github = cloud.github.within(ms: Self.withinMs)
    let remedy =
      "A fine-grained token for \(github.repository) needs Actions (read and write), "
      + "Contents and Metadata (read). Name its file as github_token_file."
    guard github.isConfigured else {
      return SetupCheck(
        what: "GitHub", standing: .absent, why: "There is no token.", remedy: remedy)
    }
    return await .trying("GitHub", remedy: remedy) {
      let workflows = try await github.workflows()
      _ = try await github.commits(most: 1)
      let missing = github.standing.missing
      let lacks = missing.isEmpty ? "" : " It lacks \(missing.joined(separator: ", "))."
      return
        "Reads \(count(workflows.count, "workflow")) and commits.\(lacks) Whether it may start "
        + "a workflow shows when the first is started."
    }
  }

  private func ofGhost(_ caller: Ghost.Caller) async -> SetupCheck {
    let ghost = cloud.ghost
    let isStaff = caller == .staff
    let what = isStaff ? "Ghost: staff access token" : "Ghost: integration key"
    let remedy =
      isStaff
      ? "An administrator of the blog finds it in their own profile. Name its file as "
        + "ghost_staff_token_file."
      : "Make a custom integration in Ghost’s settings. Name the file with its Admin API key as "
        + "ghost_key_file."
    guard ghost.has(caller) else {
      return SetupCheck(what: what, standing: .absent, why: "There is none.", remedy: remedy)
    }
    return await .trying(what, remedy: remedy) {
      isStaff
        ? "Lists \(count(try await ghost.themes().count, "theme"))."
        : "Reads \(count(try await ghost.settings().values.count, "setting"))."
    }
  }

  private var ofNotices: SetupCheck {
    guard let places = configuration.notices else {
      return SetupCheck(
        what: "Notices", standing: .absent, why: "Nobody is told but by the pages.",
        remedy: "Notifications says what to put into caretaker.yaml.")
    }
    let ways = places.channels.map(\.rawValue).joined(separator: ", ")
    return SetupCheck(
      what: "Notices", standing: noticesProblem == nil ? .good : .failed,
      why: noticesProblem ?? "They go out by: \(ways).",
      remedy: "Send a test under Notifications, to see that it arrives.")
  }

  private func ofAnchor() async -> SetupCheck {
    guard let place = configuration.anchor else {
      return SetupCheck(
        what: "Anchor of the log", standing: .absent,
        why: "Nothing outside this machine vouches for the log.",
        remedy: "Name a bucket as anchor, best with Object Lock and in another account.")
    }
    let s3 = cloud.s3
    return await .trying(
      "Anchor of the log", remedy: "Check the bucket’s name and the role’s rights to it."
    ) {
      switch try await s3.getObjectLock(place.bucket) {
      case .none: "\(place.bucket) can be read. Without Object Lock its objects can be deleted."
      default: "\(place.bucket) has Object Lock."
      }
    }
  }

  private var ofClock: SetupCheck {
    SetupCheck(
      what: "Clock", standing: clockProblem == nil ? .good : .failed,
      why: clockProblem ?? "It agrees with AWS and with the log.",
      remedy: clockProblem == nil ? "" : "Have this machine set its clock by NTP.")
  }
}

extension Portal {
  /// Tries everything now, and says what is missing.
  func showSetupChecks(_ visit: Visit) async throws -> Response {
    let now = visit.now
    var sites: [SetupChecksPage.SiteChecks] = []
    for site in configuration.sites {
      let cloud = outside.cloud(site)
      let clock = try await clockStanding(with: cloud)
      let problem = try await storage.read { try DeliveryStore.problem(at: now, in: $0) }
      let checks = SetupChecks(
        configuration: configuration, cloud: cloud, clockProblem: clock.problem,
        noticesProblem: problem)
      sites.append(.init(name: site.name, checks: await checks.results()))
    }
    return page(SetupChecksPage(sites: sites), for: visit)
  }
}

/// What was tried, site by site.
struct SetupChecksPage: Page {
  struct SiteChecks: TemplateData {
    let name: String
    let checks: [SetupCheck]
    static let fields: [Field<SiteChecks>] = [
      .text("siteName", { $0.name }), .list("checks", { $0.checks }),
    ]
  }
  let sites: [SiteChecks]

  static let template = "setup/checks"
  static let section: Section? = nil
  var title: String { "Set-up" }

  static let fields: [Field<SetupChecksPage>] = [
    .text("state", { $0.state }), .list("sites", { $0.sites }),
  ]

  private var state: String {
    let all = sites.flatMap(\.checks)
    let failed = all.count { $0.standing == .failed }
    let absent = all.count { $0.standing == .absent }
    if failed > 0 { return "\(failed) of \(all.count) do not work." }
    return absent > 0 ? "All that is set up works; \(absent) can be added." : "All of it works."
  }
}
