import AWS
import Rules

/// What a site works with, tried live.
struct SiteChecks: Sendable {
  let configuration: Configuration
  let cloud: Cloud

  /// How long one try may take: somebody waits for the page.
  static let withinMs: Int64 = 8_000

  /// Every check, side by side.
  func results() async -> [SelfCheck] {
    async let aws = ofAWS()
    async let github = ofGitHub()
    async let ghost = [ofGhost(.integration), ofGhost(.staff)]
    async let anchor = ofAnchor()
    return await aws + ofRole + [github] + ghost + anchor
  }

  private func ofAWS() async -> [SelfCheck] {
    let cloud = cloud
    let credentials = await SelfCheck.trying(
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
        SelfCheck(
          "AWS: stack", .failed, SelfCheck.words(error),
          remedy: "Check the stack’s name and the region. Nothing else is read without it."),
      ]
    }
    async let prices = ofPrices()
    return [credentials, SelfCheck("AWS: stack", .good, "\(entries.count) resources")]
      + (await readings(SiteIDs(entries))) + [await prices]
  }

  /// What a poll reads of AWS; the others have checks of their own.
  private static let readingAWS = Watch.all.filter {
    ![.blog, .members, .workflows].contains($0.subject)
  }

  /// Every reading of AWS that a poll makes. Those that fail for the same reason are one line.
  private func readings(_ ids: SiteIDs) async -> [SelfCheck] {
    let failures = await withTaskGroup(of: (why: String, label: String)?.self) { [cloud] group in
      for watch in Self.readingAWS {
        group.addTask {
          do {
            _ = try await within(Self.withinMs) { try await watch.read(cloud, ids).known }
            return nil
          } catch {
            return (SelfCheck.words(error), watch.subject.label)
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
      SelfCheck(
        "AWS: readings", failures.isEmpty ? .good : .failed, "\(read) of \(count) could be read.",
        remedy: failures.isEmpty ? "" : "The lines below say what each of the others lacks.")
    ]
      + lines.map { why, members in
        SelfCheck(
          "AWS: " + members.map(\.label).sorted().joined(separator: ", ").lowercased(), .failed,
          why, remedy: "The policy with every action is docs/role-policy.json.")
      }
  }

  private func ofPrices() async -> SelfCheck {
    let cloud = cloud
    return await .trying("AWS: prices", remedy: "Without them previews say no new costs.") {
      let product = Product.fargateVCPU(architecture: "X86_64")
      let (prices, failure) = await cloud.listed([product])
      if let failure { throw failure }
      return "Published \(prices[product]?.published ?? "at a time that is not known")."
    }
  }

  private var ofRole: [SelfCheck] {
    cloud.site.runRole == nil ? [.standingCredentials(writeAt: cloud.site.name)] : []
  }

  private func ofGitHub() async -> SelfCheck {
    let github = cloud.github.within(ms: Self.withinMs)
    let remedy =
      "A fine-grained token for \(github.repository) needs Actions (read and write), "
      + "Contents and Metadata (read). Name its file as github_token_file."
    guard github.isConfigured else {
      return SelfCheck("GitHub", .absent, "There is no token.", remedy: remedy)
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

  private func ofGhost(_ caller: Ghost.Caller) async -> SelfCheck {
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
      return SelfCheck(what, .absent, "There is none.", remedy: remedy)
    }
    return await .trying(what, remedy: remedy) {
      isStaff
        ? "Lists \(count(try await ghost.themes().count, "theme"))."
        : "Reads \(count(try await ghost.settings().values.count, "setting"))."
    }
  }

  private func ofAnchor() async -> [SelfCheck] {
    guard let place = configuration.anchor, place.site == cloud.site.name else { return [] }
    let s3 = cloud.s3
    return [
      await .trying(
        "Bucket of the anchors", remedy: "Check the bucket’s name and the role’s rights to it."
      ) {
        switch try await s3.getObjectLock(place.bucket) {
        case .none: "\(place.bucket) can be read. Without Object Lock its objects can be deleted."
        default: "\(place.bucket) has Object Lock."
        }
      }
    ]
  }
}

extension SelfCheck {
  /// Tries something for a while at most.
  static func trying(
    _ what: String, remedy: String, _ work: @escaping @Sendable () async throws -> String
  ) async -> SelfCheck {
    do {
      let state = try await within(SiteChecks.withinMs) { try await work() }
      return SelfCheck(what, .good, state)
    } catch {
      return SelfCheck(what, .failed, words(error), remedy: remedy)
    }
  }

  static func words(_ error: any Error) -> String {
    switch error {
    case let error as any SpokenError: error.sentence
    case is Overdue: "No answer came within \(SiteChecks.withinMs / Span.second) seconds."
    default: "It failed in Caretaker itself: \(error)"
    }
  }
}
