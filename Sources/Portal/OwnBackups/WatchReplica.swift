import AWS
import Foundation
import Rules
import Synchronization

/// What Litestream tells of the continuous copy, at the port of its own metrics.
struct ReplicaMetrics: Sendable {
  let place: ListenPlace
  let transport: Transport

  /// How long one look may take.
  private static let withinMs: Int64 = 3_000
  /// The most bytes of an answer.
  private static let bytesMax = 1 << 20

  /// How many parts it has put into its bucket since its start.
  /// - Throws: a sentence.
  func puts() async throws(ReplicaProblem) -> Double {
    let call = HTTPCall(
      method: "GET", url: "http://\(place.authority)/metrics",
      timeoutMs: Self.withinMs, connectTimeoutMs: Self.withinMs, answerBytesMax: Self.bytesMax)
    let answer: HTTPAnswer
    do { answer = try await transport.send(call) } catch {
      throw ReplicaProblem("Nobody answers at \(place.authority).")
    }
    guard answer.status == 200,
      let puts = Self.puts(in: String(decoding: answer.body, as: UTF8.self))
    else {
      throw ReplicaProblem(
        "What answers at \(place.authority) tells nothing of what it has put.")
    }
    return puts
  }

  /// The sum over all replicas; nil where the text has none.
  static func puts(in text: String) -> Double? {
    let counts = text.split(separator: "\n").filter {
      $0.hasPrefix("litestream_replica_operation_total{") && $0.contains("operation=\"PUT\"")
    }.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }
}

/// Why Litestream could not be asked.
struct ReplicaProblem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// How the continuous copy stands, as last seen.
final class Replica: Sendable {
  private let metrics: ReplicaMetrics
  private let watch = Mutex(ReplicaWatch())

  /// How often is looked.
  static let lookMs = 15 * Span.second
  /// How long what was written may wait: a bucket that is slow for once is no alarm.
  static let patienceMs = 3 * Span.minute

  /// Nil where the configuration names no place to ask.
  init?(_ configuration: Configuration, outside: Outside) {
    guard let place = configuration.replica else { return nil }
    metrics = ReplicaMetrics(
      place: place, transport: outside.cloud(configuration.sites[0]).transport)
  }

  func look(writes: Int, at now: @Sendable () -> Moment) async {
    do {
      let puts = try await metrics.puts()
      watch.withLock { $0.see(puts: puts, writes: writes, at: now()) }
    } catch {
      watch.withLock { $0.miss("\(error)", at: now()) }
    }
  }

  func standing(at now: Moment) -> ReplicaStanding {
    watch.withLock { $0.standing(patienceMs: Self.patienceMs, at: now) }
  }

  /// What a single look tells, for commands.
  static func check(_ configuration: Configuration, outside: Outside) async -> [SelfCheck] {
    guard let replica = Replica(configuration, outside: outside) else { return [] }
    let now = outside.now()
    await replica.look(writes: 0, at: outside.now)
    guard case .unknown(let why) = replica.standing(at: now) else { return [] }
    let isThere = replica.watch.withLock(\.hasSeen)
    let words = "Litestream answers. Whether the copy is behind, the page Backups tells."
    return [.replica(.unknown(isThere ? words : why))]
  }
}

extension Portal {
  /// Looks how the continuous copy stands, until cancelled; returns at once where nothing is to be
  /// asked.
  func keepReplica() async {
    guard let replica else { return }
    while !Task.isCancelled {
      await replica.look(writes: storage.writes, at: outside.now)
      try? await Task.sleep(for: .milliseconds(Replica.lookMs))
    }
  }
}
