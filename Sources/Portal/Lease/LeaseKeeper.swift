import AWS
import Cryptography
import Foundation
import Glibc
import Logging
import Rules

/// Takes the lease, renews it and gives it back.
public final class LeaseKeeper: Sendable {
  let hold: LeaseHold
  private let store: LeaseStore
  private let configuration: Configuration
  private let outside: Outside
  private let log: Logger

  /// Nil where the configuration names no lease.
  /// - Throws: a sentence when who waited in its place can't be read.
  public convenience init?(_ configuration: Configuration, world: World) throws {
    try self.init(configuration, outside: world.outside, log: Logger(label: "caretaker"))
  }

  init?(_ configuration: Configuration, outside: Outside, log: Logger, host: String? = nil) throws {
    guard let place = configuration.lease else { return nil }
    store = LeaseStore(place, configuration, outside)
    self.configuration = configuration
    self.outside = outside
    self.log = log
    hold = LeaseHold(
      Lease(
        holder: Hex.encode(try outside.randomBytes(16)), host: host ?? Self.hostName,
        process: Int64(getpid()), times: place.times,
        predecessor: try HandedLease.read(in: configuration.dataFolder)),
      uptimeMs: outside.uptimeMs)
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "a machine without a name" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// What a portal that stands by says of itself.
  public var standByWords: String { hold.standByWords }

  /// Whether another portal has taken its place.
  public var isLost: Bool { if case .lost = hold.standing { true } else { false } }

  /// Whether this process holds the lease.
  public var isHeld: Bool { hold.isHeld }

  private var times: LeaseTimes { store.place.times }

  /// Takes the lease where nobody has to be waited for.
  /// - Returns: whether this process holds it.
  public func isFree() async throws -> Bool {
    await turn()
    return isHeld
  }

  /// Waits until this process holds the lease.
  public func take() async throws {
    while !isHeld {
      await turn()
      if isHeld { break }
      try await Task.sleep(for: .milliseconds(times.tryAgainMs))
    }
    log.notice("This portal holds the lease.")
  }

  /// Renews the lease until cancelled or until another portal has it.
  public func keep() async {
    while !Task.isCancelled, !isLost {
      let isWell = await turn()
      let pauseMs = isWell ? times.renewEveryMs : times.tryAgainMs
      try? await Task.sleep(for: .milliseconds(pauseMs))
    }
  }

  /// Returns once another portal has taken the lease, or throws when cancelled.
  public func waitUntilLost() async throws {
    while !isLost { try await Task.sleep(for: .milliseconds(times.tryAgainMs)) }
    log.error("\(hold.standing.problem ?? "")")
  }

  /// Reads and writes what is due.
  /// - Returns: whether nothing failed.
  @discardableResult
  func turn() async -> Bool {
    do {
      let mustRead = hold.change { lease, _ in lease.mustRead || !lease.isNamed } ?? false
      if mustRead { try await look() }
      guard let write = hold.change({ $0.write(at: $1) }) else { return noteWell() }
      try await send(write)
      return noteWell()
    } catch {
      let why = LeaseStore.words(error)
      if hold.note(why), !Task.isCancelled { log.warning("The lease: \(why)") }
      return false
    }
  }

  private func noteWell() -> Bool {
    if hold.note("") { log.notice("The lease can be reached again.") }
    return true
  }

  private func look() async throws {
    let found = try await store.read()
    hold.change { lease, nowMs in lease.see(found, at: nowMs) }
  }

  private func send(_ write: Lease.Write) async throws {
    let etag = try await store.write(write)
    hold.change { lease, nowMs in
      if let etag { lease.wrote(write, etag: etag, at: nowMs) } else { lease.wasOvertaken() }
    }
    if etag == nil { try await look() }
  }
}

extension LeaseKeeper {
  /// How often giving the lease away is tried: whoever waits for it takes it after a while anyway.
  private static let triesMax = 5

  /// Has the lease say that this process works on the database, and waits until it does. Nothing
  /// may be answered before.
  /// - Throws: `LeaseProblem` when another portal has taken the lease meanwhile.
  public func beginWork() async throws {
    hold.change { lease, _ in lease.work() }
    HandedLease.remove(in: configuration.dataFolder)
    while hold.seen?.last?.holder != hold.holder || !hold.isHeld {
      guard !isLost else { throw LeaseProblem(hold.standing.problem ?? "") }
      if await !turn() { try await Task.sleep(for: .milliseconds(times.tryAgainMs)) }
    }
  }

  /// Gives the lease back, so that another portal takes it at once. Nothing may act here any more.
  public func release() async {
    let entries = try? LeasedCopy.entries(in: configuration.dataFolder)
    await giveAway { lease, nowMs in lease.release(entries: entries, at: nowMs) }
  }

  /// Leaves the lease to the next start on this data folder, for which the others wait longer: the
  /// database is brought back meanwhile. A stale one is put aside.
  /// - Returns: whether a database has to be brought back.
  /// - Throws: an error whose description is a sentence.
  public func handOver() async throws -> Bool {
    let (folder, last) = (configuration.dataFolder, hold.seen?.last)
    let isMissing = try LeasedCopy.putAside(in: folder, after: last, at: outside.now())
    guard let holder = hold.holder else { return isMissing }
    try HandedLease.write(holder, in: folder)
    let waitMs = LeaseTimes.handOverMs
    guard await giveAway({ lease, nowMs in lease.handOver(waitMs: waitMs, at: nowMs) }) else {
      throw LeaseProblem("The lease could not be handed over; another portal may have it.")
    }
    return isMissing
  }

  @discardableResult
  private func giveAway(
    _ begin: @Sendable (inout Lease, Int64) -> Lease.Write?
  ) async -> Bool {
    for _ in 0..<Self.triesMax where !isLost {
      do {
        if hold.change({ lease, _ in lease.mustRead }) ?? false { try await look() }
        guard let write = hold.change({ begin(&$0, $1) }) else { return false }
        try await send(write)
        if hold.seen == write.record { return true }
      } catch {
        log.warning("The lease could not be given away: \(LeaseStore.words(error))")
      }
    }
    return false
  }
}
