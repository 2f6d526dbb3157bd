import GRDB
import Rules

/// How a site is, as last read: for scripts. Reads the database alone, beside a running portal.
public struct SiteStatus: Encodable, Sendable {
  /// One finding.
  public struct Item: Encodable, Sendable {
    let id: String
    let subject: String
    /// `pass`, `fail` or `no_data`.
    let outcome: String
    /// `good`, `unknown`, `attention` or `danger`: what is accepted is good.
    let health: String
    let state: String
    let remedy: String
    /// Since when, in milliseconds since 1970.
    let sinceMs: Int64
    /// Who answers for it; nil for nobody.
    let acceptedBy: String?
  }

  /// The site's name.
  public let site: String
  /// The worst of all findings; `unknown` before the first poll.
  public let health: String
  /// When anything was last read, in milliseconds since 1970; nil before the first poll.
  public let readAtMs: Int64?
  /// Every finding, the worst first.
  public let findings: [Item]

  /// Every site of a configuration.
  public static func all(
    of configuration: Configuration, world: World
  ) throws -> [SiteStatus] {
    let storage = try DataFolder.open(configuration, exclusive: false)
    defer { try? storage.close() }
    return try storage.readNow { db in
      try configuration.sites.map { try SiteStatus($0, at: world.outside.now(), in: db) }
    }
  }

  init(_ site: Site, at now: Moment, in db: Database) throws {
    let found = try FindingStore.all(site: site.name, at: now, in: db)
    self.site = site.name
    health = "\(found.map(\.health).max() ?? .unknown)"
    readAtMs = try ObservationStore.newest(site: site.name, in: db)?.ms
    findings = found.map {
      Item(
        id: $0.finding.id, subject: $0.finding.subject.rawValue,
        outcome: $0.finding.outcome.rawValue, health: "\($0.health)", state: $0.finding.state,
        remedy: $0.finding.remedy, sinceMs: $0.since.ms, acceptedBy: $0.acceptance?.ownerName)
    }
  }

  /// Whether nothing is wrong and nothing unknown.
  public var isGood: Bool { health == "good" }

  /// The status in lines for people, what is wrong alone.
  public var lines: [String] {
    ["\(site): \(health)"]
      + findings.filter { $0.health != "good" }.map { "  \($0.health)  \($0.state) (\($0.id))" }
  }
}
