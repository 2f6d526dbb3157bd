import AWS
import Foundation
public import Rules
import Yams

/// The object by which several portals agree on which of them works: `s3://bucket/key`.
public struct LeasePlace: Hashable, Sendable {
  /// The bucket.
  public var bucket: String
  /// The object's name.
  public var key: String
  /// How long the portals wait for each other.
  public var times: LeaseTimes

  init?(
    _ keys: YAMLKeys, name: String
  ) throws(ConfigurationProblem) {
    let seconds = try keys.number("lease_seconds", in: 6...600, else: 60)
    guard let typed = try keys.text("lease") else { return nil }
    guard case .bucket(let bucket, let key)? = BackupPlace(typed), !key.isEmpty else {
      throw ConfigurationProblem("\(name): lease must be s3://BUCKET/KEY, not “\(typed)”.")
    }
    self.init(bucket: bucket, key: key, times: LeaseTimes(waitMs: Int64(seconds) * Span.second))
  }

  init(bucket: String, key: String, times: LeaseTimes = .usual) {
    self.bucket = bucket
    self.key = key
    self.times = times
  }
}

/// Reads and writes the lease's object.
struct LeaseStore: Sendable {
  let place: LeasePlace
  let s3: S3

  /// With the credentials of the first site. It asks nobody whether it may write.
  init(_ place: LeasePlace, _ configuration: Configuration, _ outside: Outside) {
    self.place = place
    s3 = outside.cloud(configuration.sites[0]).asCaretaker.s3
  }

  /// The object as it is; nil where there is none.
  /// - Parameter ms: how long that may take; as long as the holder's calls unless told.
  /// - Throws: `AWSError`, `LeaseProblem` or `Overdue`.
  func read(withinMs ms: Int64? = nil) async throws -> Lease.Seen? {
    let found = try await within(ms ?? place.times.callMs) { [s3, place] in
      try await s3.getTagged(place.key, in: place.bucket)
    }
    guard let found else { return nil }
    guard let record = LeaseRecord(json: found.body) else {
      throw LeaseProblem(
        "What stands at s3://\(place.bucket)/\(place.key) is no lease. Name another key, or remove "
          + "it once no portal works.")
    }
    return Lease.Seen(etag: found.etag, record: record)
  }

  /// Writes where the object is still as it was seen.
  /// - Returns: the new ETag; nil where it is another one by now.
  func write(_ write: Lease.Write) async throws -> String? {
    let body = try write.record.json
    return try await within(place.times.callMs) { [s3, place] in
      try await s3.replace(write.replacing, at: place.key, in: place.bucket, by: body)
    }
  }
}

extension LeaseStore {
  /// What a single look tells, for commands.
  static func check(_ configuration: Configuration, outside: Outside) async -> [SelfCheck] {
    guard let place = configuration.lease else { return [] }
    do {
      let found = try await LeaseStore(place, configuration, outside).read()
      return [.lease(found: found?.record)]
    } catch {
      return [
        SelfCheck(
          "Lease", .failed, words(error), remedy: "Without it this portal does not start.")
      ]
    }
  }

  /// Why the object could not be read or written.
  static func words(_ error: any Error) -> String {
    switch error {
    case is Overdue: "The bucket did not answer in time."
    case let error as any SpokenError: error.sentence
    default: "\(error)"
    }
  }
}

/// What is wrong with the lease, or keeps a portal from working under it.
public struct LeaseProblem: Error, CustomStringConvertible {
  /// The sentence.
  public let description: String
  init(_ description: String) { self.description = description }
}

// The object's JSON.
extension LeaseRecord {
  init?(json: [UInt8]) {
    guard let record = try? JSONDecoder().decode(LeaseRecord.self, from: Data(json)) else {
      return nil
    }
    self = record
  }

  var json: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return Array(try encoder.encode(self))
    }
  }
}
