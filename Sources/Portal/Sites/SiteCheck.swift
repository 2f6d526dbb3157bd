import AWS
import Rules

/// Whether a site can be looked after: credentials, stack, and every reading, one by one.
public struct SiteCheck: Sendable {
  /// One line of the answer.
  public struct Result: Sendable {
    /// What was tried.
    public let what: String
    /// Whether it went well.
    public let isGood: Bool
    /// What was found, or what to do.
    public let sentence: String
  }

  private let cloud: Cloud

  /// A check of one site.
  public init(_ site: Site, world: World) { cloud = world.outside.cloud(site) }

  /// Tries everything, in order; a failure does not keep the rest from being tried.
  public func results() async -> [Result] {
    var results: [Result] = []
    results.append(
      await result("Credentials") {
        let identity = try await cloud.sts.getCallerIdentity()
        return "\(identity.arn), account \(identity.account)"
      })
    var entries: [StackEntry] = []
    results.append(
      await result("Stack") {
        entries = try await cloud.stackEntries()
        return "\(entries.count) resources"
      })
    let ids = SiteIDs(entries)
    for watch in Watch.all {
      results.append(
        await result(watch.subject.label) { try await watch.read(cloud, ids).known })
    }
    results.append(
      await result("Prices") {
        let product = Product.fargateVCPU(architecture: "X86_64")
        let (prices, failure) = await cloud.listed([product])
        if let failure { throw failure }
        return "published \(prices[product]?.published ?? "not known")"
      })
    return results
  }

  private func result(_ what: String, _ read: () async throws -> String) async -> Result {
    do {
      return Result(what: what, isGood: true, sentence: try await read())
    } catch let error as any SpokenError {
      return Result(what: what, isGood: false, sentence: error.sentence)
    } catch {
      return Result(what: what, isGood: false, sentence: "\(error)")
    }
  }
}
